import type { CallRate } from "./rate-limiter.ts";

/** The API of one cloud, as its errors name it. */
export interface CloudApi {
  /** The name of the cloud: `CanopyWave`. */
  readonly cloud: string;
  /** The name of the provider and of its factory: `canopywave`. */
  readonly provider: string;
  /** The variable with the API key. */
  readonly keyVariable: string;
  /** The variable that replaces the URL of the API. */
  readonly urlVariable: string;
  readonly rate: CallRate;
}

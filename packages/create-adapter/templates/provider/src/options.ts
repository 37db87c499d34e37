import { type CloudApi, checkBaseUrl } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";

// 1. Your cloud: its name in messages, the variables that users set, its URL, and how many calls per second it accepts.
export const cloud: CloudApi = {
  cloud: "Acme Name",
  provider: "acme-name",
  keyVariable: "ACME_NAME_API_KEY",
  urlVariable: "ACME_NAME_BASE_URL",
  rate: { callsPerSecond: 5, burst: 10, maxConcurrent: 4 },
};
const defaultBaseUrl = "https://api.acme-name.example/v1";

// 2. The options of the provider. They are written to disk, so no option may be secret: the key comes from its variable.
export interface AcmeNameOptions {
  /** The URL of the API. */
  readonly baseUrl?: string;
  /** The region to rent in; by default any. */
  readonly region?: string;
}

export interface Settings {
  readonly baseUrl: string;
  readonly region: string | undefined;
}

/** Checks the options, which may come from a program without types. */
export function readOptions(options: AcmeNameOptions): Settings {
  const unknown = Object.keys(options).find((key) => key !== "baseUrl" && key !== "region");
  if (unknown !== undefined) {
    throw new UnitrainError("INVALID_OPTIONS", `acmeName(): there is no option ${JSON.stringify(unknown)}.`, {
      hint: "Use the options baseUrl and region.",
    });
  }
  return {
    baseUrl: checkBaseUrl(cloud, options.baseUrl ?? process.env[cloud.urlVariable] ?? defaultBaseUrl),
    region: options.region,
  };
}

import type { CloudApi } from "@unitrain/core/http";

/** CanopyWave publishes no rate limit, so this is a careful one. */
export const api: CloudApi = {
  cloud: "CanopyWave",
  provider: "canopywave",
  keyVariable: "CANOPYWAVE_API_KEY",
  urlVariable: "CANOPYWAVE_BASE_URL",
  rate: { callsPerSecond: 10, burst: 10, maxConcurrent: 4 },
};

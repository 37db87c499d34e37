import type { CloudApi } from "@unitrain/core/http";

/** RunPod's specification shows 60 calls a minute, 3,000 an hour and 50,000 a day as an example, so an hour-long run must stay below them. */
export const api: CloudApi = {
  cloud: "RunPod",
  provider: "runpod",
  keyVariable: "RUNPOD_API_KEY",
  urlVariable: "RUNPOD_BASE_URL",
  rate: { callsPerSecond: 1, burst: 15, maxConcurrent: 4 },
};

import type { CloudApi } from "@unitrain/core/http";

/** Lambda's specification: generally one request per second. */
export const api: CloudApi = {
  cloud: "Lambda",
  provider: "lambda",
  keyVariable: "LAMBDA_API_KEY",
  urlVariable: "LAMBDA_BASE_URL",
  rate: { callsPerSecond: 1, burst: 1, maxConcurrent: 2 },
};

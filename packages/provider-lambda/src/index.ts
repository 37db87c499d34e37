export { lambda } from "./lambda.ts";
export type { LambdaOptions } from "./options.ts";

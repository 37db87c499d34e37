export { createProcessContext, main } from "./app.ts";
export type { CliContext, Engine, Output, SignalName, SignalSource } from "./context/cli-context.ts";
export type { Ending, ExitCode } from "./context/exit-code.ts";
export { exitCodes, getExitCode } from "./context/exit-code.ts";
export type { UnitrainConfig } from "./settings/config/config.ts";
export { defineConfig } from "./settings/config/config.ts";

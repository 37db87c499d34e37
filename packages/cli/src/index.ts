export { createProcessContext, main } from "./app.ts";
export type { CliContext, Engine, Output, SignalName, SignalSource } from "./cli-context.ts";
export type { TrainSettings, UnitrainConfig } from "./config/config.ts";
export { defineConfig } from "./config/config.ts";
export type { Ending, ExitCode } from "./exit-code.ts";
export { exitCodeOf, exitCodes } from "./exit-code.ts";

export { main, processSurroundings } from "./app.ts";
export type { TrainSettings, UnitrainConfig } from "./config/config.ts";
export { defineConfig } from "./config/config.ts";
export type { Ending, ExitCode } from "./exit-code.ts";
export { exitCodeOf, exitCodes } from "./exit-code.ts";
export type { Engine, Output, SignalName, SignalSource, Surroundings } from "./surroundings.ts";

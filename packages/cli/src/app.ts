// All of the program but its help, which `bin.ts` prints without it. Built as one file: finding ninety took longer than reading one.
import { main } from "./main.ts";
import { runAsProcess } from "./program/process.ts";

export { createProcessContext } from "./program/process-context.ts";
export { main };

/** Runs this process as the `unitrain` program. */
export const runProcess = (): Promise<void> => runAsProcess(main);

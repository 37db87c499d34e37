// The program without its help, which `bin.ts` prints itself. It is built as one file, because reading one is faster than finding ninety.
import { main } from "./main.ts";
import { runAsProcess } from "./program/process.ts";

export { main } from "./main.ts";
export { createProcessContext } from "./program/process-context.ts";

/** Runs this process as the `unitrain` program. */
export const runProcess = (): Promise<void> => runAsProcess(main);

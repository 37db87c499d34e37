// All of the program but its help, which `bin.ts` prints without it. Built as one file: finding ninety took longer than reading one.
export { main } from "./main.ts";
export { runProcess } from "./program/process.ts";
export { createProcessContext } from "./program/process-context.ts";

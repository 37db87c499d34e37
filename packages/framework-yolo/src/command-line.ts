import type { FrameworkCommandLine } from "@unitrain/core/spec";
import { init } from "./command-line/init/init.ts";
import { pastedLines } from "./command-line/pasted-lines.ts";

/** YOLO on the command line: flags, configuration keys, pasted lines, completions, and what `init` looks for. */
export const commandLine: FrameworkCommandLine = {
  init,
  pastedLines,
};

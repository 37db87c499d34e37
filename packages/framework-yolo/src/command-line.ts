import type { FrameworkCommandLine } from "@unitrain/core/spec";
import { init } from "./command-line/init/init.ts";
import { pastedLines } from "./command-line/pasted-lines.ts";
import { readOptions, recordedOptions } from "./command-line/read-options.ts";
import { settings } from "./command-line/settings.ts";
import { listMissingLogins } from "./command-line/tracker-login.ts";

export type { YoloConfig, YoloTrainSettings } from "./command-line/config.ts";

/** YOLO on the command line: flags, configuration keys, pasted lines, completions, and what `init` looks for. */
export const commandLine: FrameworkCommandLine = {
  settings,
  // Loaded with the framework: there are more than a hundred.
  options: async () => (await import("./index.ts")).listOptions(),
  examples: [
    ["unitrain train ./pallets model=yolo11n.pt epochs=50", ""],
    ["unitrain train detect train data=./pallets epochs=50", "as YOLO has it"],
    ['unitrain "yolo detect train data=./pallets epochs=50"', "as pasted"],
  ],
  pastedLines,
  readOptions,
  recordedOptions,
  notes: listMissingLogins,
  init,
};

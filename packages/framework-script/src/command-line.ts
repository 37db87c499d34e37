import { type FrameworkCommandLine, UnitrainError, type UserOptions } from "@unitrain/core/spec";
import { settings } from "./settings.ts";

export type { ScriptConfig } from "./config.ts";

/** Any command on the command line: its flags and configuration keys. */
export const commandLine: FrameworkCommandLine = {
  settings,
  examples: [
    [
      `unitrain train ./data --framework script --command 'python train.py' \\\n    --artifact 'out/*.pt' --metric 'acc=([0-9.]+)'`,
      "",
    ],
  ],
  isDataOptional: true,
  readOptions: async ({ words, configured, settings: options }) => {
    refuseWords(words, configured);
    return options;
  },
};

/** A script's own options belong into its command. */
function refuseWords(words: UserOptions["words"], configured: UserOptions["configured"]): void {
  const name = Object.keys(configured)[0] ?? words[0]?.split("=")[0];
  if (name === undefined) return;
  throw new UnitrainError("INVALID_OPTIONS", `${name} is not an option of this framework.`, {
    hint: `Options of your script belong into its command: --command 'python train.py --${name} …'.`,
  });
}

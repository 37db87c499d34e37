import type { FrameworkCommandLine } from "@unitrain/core/spec";

// 2. The options on the command line: `unitrain train ./texts rounds=5 --framework acme-name`. Help and completion load this file.
export const commandLine: FrameworkCommandLine = {
  options: [{ name: "rounds", kind: "positive-integer", help: "how many rounds to train", default: "3" }],
  examples: [["unitrain train ./texts rounds=5 --framework acme-name", "train for five rounds"]],
};

import { cloudWords } from "../../modules/clouds.ts";
import { commandsOnRuns } from "./commands-on-runs.ts";
import type { CommandDeclaration } from "./declaration.ts";

/** All commands, in the order of the help. This file imports little else, because help is printed without the parser. */
export const commands: readonly CommandDeclaration[] = [
  {
    name: "init",
    usage: "[folder] [flags]",
    listed: "init",
    summary: "find the dataset and model, and write unitrain.config.ts",
    argument: { form: "[folder]", completes: "folder" },
    isDescribedByFramework: true,
    examples: [
      ["unitrain init", "with questions"],
      ["unitrain init --yes --data ./pallets --on gpu-box", "without questions"],
    ],
  },
  {
    name: "doctor",
    usage: "[flags]",
    summary: "check this computer, and a machine",
    examples: [
      ["unitrain doctor", "this computer"],
      ["unitrain doctor --on ssh://ubuntu@gpu-box", "a machine too"],
    ],
    notes: "Exits with 1 if something would prevent a training. Rents nothing.\n",
  },
  {
    name: "plan",
    usage: "<data> [key=value ...] [flags]",
    listed: "plan <data> [key=value]",
    summary: "check the dataset and options, and show what train would do",
    argument: { form: "[words...]", completes: "training" },
    isGrouped: true,
    isDescribedByFramework: true,
    examples: [
      ["unitrain plan ./pallets epochs=50", ""],
      ["unitrain plan ./pallets --verbose", "every finding of the check"],
      ["unitrain plan ./pallets --json", "for programs"],
    ],
  },
  {
    name: "train",
    usage: "<data> [key=value ...] [flags]",
    listed: "train <data> [key=value]",
    summary: "train a model, show the progress, download the result",
    argument: { form: "[words...]", completes: "training" },
    isGrouped: true,
    isDescribedByFramework: true,
    examples: [
      ["unitrain train ./pallets epochs=50 --on ssh://ubuntu@gpu-box", ""],
      ["unitrain train ./pallets epochs=50 --detach", "come back later"],
      ["unitrain train ./pallets --json > events.jsonl", "for programs"],
    ],
    notes: `Flags and words override unitrain.config.ts, which overrides the defaults;
"unitrain plan" shows where each value comes from.
Before the training runs, Ctrl-C stops the run and cleans up. While it runs,
Ctrl-C detaches: the training continues, and "unitrain attach" returns to it. On
a rented machine Ctrl-C asks first. The last line of the screen always says what
Ctrl-C does.
`,
  },
  {
    name: "login",
    skipsRecoveryCheck: true,
    usage: "<provider> [flags]",
    listed: "login <provider>",
    summary: "store a provider's API key in the system's keychain, or in a file",
    argument: { form: "[provider]", completes: cloudWords },
    examples: [
      ["unitrain login canopywave", "ask for the key without showing it"],
      ["unitrain login canopywave < key.txt", "in scripts"],
      ["unitrain login canopywave --remove", "delete the stored key"],
    ],
    notes: `The key is checked before it is stored. Without a keychain it is stored in
logins.json in the state folder, which only you can read. A key in the
environment (such as RUNPOD_API_KEY) overrides it.
`,
  },
  {
    name: "offers",
    usage: "[flags]",
    summary: "list machines to rent and their prices per hour",
    examples: [
      ["unitrain offers", "of all clouds that have a key"],
      ["unitrain offers --gpu H100 --max-price 5", ""],
      ["unitrain offers --on canopywave/sequoia --json", "for programs"],
    ],
    notes: `Prices are for the whole machine with all its GPUs. Rents nothing. Without --on
the prices of all clouds that have a key are compared, also of those that come
from packages of your project. Exits with 1 only if none of them answers.
`,
  },
  ...commandsOnRuns,
  {
    name: "clean",
    usage: "[flags]",
    summary: "remove unused files from a machine",
    examples: [
      ["unitrain clean --on gpu-box --dry-run", "list what would be removed"],
      ["unitrain clean --on gpu-box --older-than 2w --yes", "without asking"],
    ],
    notes: `Removes environments, datasets and run folders, after showing the size and age
of each. Files of running jobs and of unfinished runs of this computer are
never removed. Output that was not downloaded is in its run folder.
`,
  },
  {
    name: "completion",
    skipsRecoveryCheck: true,
    usage: "<bash|zsh|fish>",
    listed: "completion <shell>",
    summary: "print the completions for a shell",
    argument: { form: "[shell]", completes: ["bash", "zsh", "fish"] },
    examples: [
      ['eval "$(unitrain completion bash)"', "in ~/.bashrc"],
      ['eval "$(unitrain completion zsh)"', "in ~/.zshrc"],
      ["unitrain completion fish | source", "in config.fish"],
    ],
  },
];

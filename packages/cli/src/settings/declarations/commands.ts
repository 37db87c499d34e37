import { commandsOnRuns } from "./commands-on-runs.ts";
import type { CommandDeclaration } from "./declaration.ts";

/** All commands, in the order of their help. Nothing is imported here: help is printed without the parser. */
export const commands: readonly CommandDeclaration[] = [
  {
    name: "init",
    usage: "[folder] [flags]",
    listed: "init",
    summary: "find data and model, write unitrain.config.ts",
    argument: { form: "[folder]", completes: "folder" },
    isDescribedByFramework: true,
    examples: [
      ["unitrain init", "asks"],
      ["unitrain init --yes --data ./pallets --on gpu-box", "asks nothing"],
    ],
  },
  {
    name: "doctor",
    usage: "[flags]",
    summary: "check this computer, and the machine that is named",
    examples: [
      ["unitrain doctor", "this computer"],
      ["unitrain doctor --on ssh://ubuntu@gpu-box", "and a machine"],
    ],
    notes: "Ends with 1 when something keeps trainings from working. Nothing is rented.\n",
  },
  {
    name: "plan",
    usage: "<data> [key=value ...] [flags]",
    listed: "plan <data> [key=value]",
    summary: "check data and options, say what train would do",
    argument: { form: "[words...]", completes: "training" },
    isGrouped: true,
    isDescribedByFramework: true,
    examples: [
      ["unitrain plan ./pallets epochs=50", ""],
      ["unitrain plan ./pallets --verbose", "all that the check found"],
      ["unitrain plan ./pallets --json", "for programs"],
    ],
  },
  {
    name: "train",
    usage: "<data> [key=value ...] [flags]",
    listed: "train <data> [key=value]",
    summary: "train, show the progress, download the model",
    argument: { form: "[words...]", completes: "training" },
    isGrouped: true,
    isDescribedByFramework: true,
    examples: [
      ["unitrain train ./pallets epochs=50 --on ssh://ubuntu@gpu-box", ""],
      ["unitrain train ./pallets epochs=50 --detach", "come back later"],
      ["unitrain train ./pallets --json > events.jsonl", "for programs"],
    ],
    notes: `Each value is taken from a flag or word, else from unitrain.config.ts, else it
is the default; "unitrain plan" shows which.
Ctrl-C before the training runs stops it and cleans up. Once it runs, Ctrl-C
detaches: it goes on, and "unitrain attach" comes back to it; so does the rest
of a download. On a rented machine it asks. The last line of the screen says
what Ctrl-C would do.
`,
  },
  {
    name: "login",
    skipsRecoveryCheck: true,
    usage: "<provider> [flags]",
    listed: "login <provider>",
    summary: "keep a provider's key, in the system's keychain where there is one",
    argument: { form: "[provider]", completes: ["canopywave"] },
    examples: [
      ["unitrain login canopywave", "asks for the key, unseen"],
      ["unitrain login canopywave < key.txt", "in scripts"],
      ["unitrain login canopywave --remove", "forget it"],
    ],
    notes: `The key is tried before it is kept. Without a keychain it lies in logins.json of
the state folder, which only you can read. A key in the environment
(CANOPYWAVE_API_KEY) wins over it.
`,
  },
  {
    name: "offers",
    usage: "[flags]",
    summary: "what can be rented, and what it costs an hour",
    examples: [
      ["unitrain offers", ""],
      ["unitrain offers --gpu H100 --max-price 5", ""],
      ["unitrain offers --on canopywave/sequoia --json", "for programs"],
    ],
    notes: "Prices are for the whole machine, all its GPUs together. Nothing is rented.\n",
  },
  ...commandsOnRuns,
  {
    name: "clean",
    usage: "[flags]",
    summary: "remove from a machine what nothing uses",
    examples: [
      ["unitrain clean --on gpu-box --dry-run", "what lies there"],
      ["unitrain clean --on gpu-box --older-than 2w --yes", "asks nothing"],
    ],
    notes: `Removes environments, datasets and folders of runs, each with its size and age
shown first. What a job runs in, and runs of this computer that are not over,
always stay. Output that was not downloaded lies in the folder of its run.
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

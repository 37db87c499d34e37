import { commandsOnRuns } from "./commands-on-runs.ts";
import type { CommandDeclaration, FlagDeclaration } from "./declaration.ts";
import { flags, json } from "./flags.ts";
import { planGroups, trainGroups } from "./train-flags.ts";

const yes: FlagDeclaration = {
  name: "yes",
  short: "y",
  meaning: "ask nothing; take what was found or named",
};

/** All commands, in the order of their help. Nothing is imported here: help is printed without the parser. */
export const commands: readonly CommandDeclaration[] = [
  {
    name: "init",
    usage: "[folder] [flags]",
    listed: "init",
    summary: "find data and model, write unitrain.config.ts",
    argument: { form: "[folder]", completes: "folder" },
    groups: flags(
      {
        name: "data",
        value: "<folder>",
        meaning: "the dataset; by default what is found",
        completes: "folder",
      },
      { name: "model", value: "<model>", meaning: "weights or structure: yolo11n.pt" },
      { name: "on", value: "<machine>", meaning: "where to train; by default local", completes: "machine" },
      { name: "epochs", value: "<number>", kind: "positive-integer", meaning: "by default 50" },
      yes,
      { name: "force", meaning: "write over a file that is there" },
    ),
    examples: [
      ["unitrain init", "asks"],
      ["unitrain init --yes --data ./pallets --on gpu-box", "asks nothing"],
    ],
  },
  {
    name: "doctor",
    usage: "[flags]",
    summary: "check this computer, and the machine that is named",
    groups: flags(
      {
        name: "on",
        value: "<machine>",
        meaning: "look at this machine too: connect, find GPU, disk, tools",
        completes: "machine",
      },
      {
        name: "config",
        value: "<file>",
        negatable: true,
        meaning: "another config file; --no-config for none",
      },
      json,
    ),
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
    groups: planGroups,
    examples: [
      ["unitrain plan ./pallets model=yolo11n.pt epochs=50", ""],
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
    groups: trainGroups,
    examples: [
      ["unitrain train ./pallets model=yolo11n.pt epochs=50", ""],
      ["unitrain train ./pallets epochs=50 --on ssh://ubuntu@gpu-box", ""],
      ["unitrain train detect train data=./pallets epochs=50", "as YOLO has it"],
      ['unitrain "yolo detect train data=./pallets epochs=50"', "as pasted"],
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
    name: "offers",
    usage: "[flags]",
    summary: "what can be rented, and what it costs an hour",
    groups: flags(
      {
        name: "on",
        value: "<provider>",
        meaning: "canopywave (default), canopywave/<region>, npm:package or ./file.ts",
        completes: "machine",
      },
      {
        name: "gpu",
        value: "<name>",
        meaning: "only with this GPU: H100; H100:4 for four of them or more",
        completes: "gpu",
      },
      { name: "gpus", value: "<number>", kind: "positive-integer", meaning: "only with so many, or more" },
      { name: "region", value: "<name>", meaning: "only there" },
      { name: "max-price", value: "<usd>", kind: "positive-number", meaning: "only up to this an hour" },
      {
        name: "config",
        value: "<file>",
        negatable: true,
        meaning: "another config file; --no-config for none",
        completes: "file",
      },
      json,
    ),
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
    groups: flags(
      { name: "on", value: "<machine>", meaning: "the machine; by default local", completes: "machine" },
      {
        name: "older-than",
        value: "<age>",
        meaning: "only what was not used for so long: 30d (default), 12h, 2w, 0",
      },
      { name: "dry-run", meaning: "only say what would be removed" },
      yes,
      json,
    ),
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
    groups: [],
    examples: [
      ['eval "$(unitrain completion bash)"', "in ~/.bashrc"],
      ['eval "$(unitrain completion zsh)"', "in ~/.zshrc"],
      ["unitrain completion fish | source", "in config.fish"],
    ],
  },
];

/** The flags of a command, whatever group they are in. */
export function flagsOf(command: CommandDeclaration): readonly FlagDeclaration[] {
  return command.groups.flatMap((group) => group.flags);
}

import type { CommandDeclaration, FlagDeclaration, FlagGroup } from "./declaration.ts";
import { planGroups, trainGroups } from "./train-flags.ts";

const json: FlagDeclaration = { name: "json", meaning: "as JSON" };
const jsonEvents: FlagDeclaration = { name: "json", meaning: "one JSON event a line, from the first on" };
const yes: FlagDeclaration = {
  name: "yes",
  short: "y",
  meaning: "ask nothing; take what was found or named",
};
const flags = (...given: readonly FlagDeclaration[]): readonly FlagGroup[] => [
  { title: "Flags", flags: given },
];
const run = { form: "[run]", completes: "run" } as const;
const oneRun = "Without a name the latest run is meant; the beginning of an id is enough.\n";

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
    summary: "train, show how it goes, bring the model home",
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
Ctrl-C before the training runs stops it and tidies up. Once it runs, it goes on
by itself, and "unitrain attach" comes back to it.
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
        meaning: "canopywave (default), canopywave/<region>, a package or ./file.ts",
        completes: "machine",
      },
      { name: "gpu", value: "<name>", meaning: "only with this GPU: H100; H100:4 for four of them or more" },
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
  {
    name: "runs",
    usage: "[flags]",
    summary: "what goes on and what is over",
    groups: flags(json),
    examples: [
      ["unitrain runs", ""],
      ["unitrain runs --json", "for programs"],
    ],
  },
  {
    name: "logs",
    usage: "[run] [flags]",
    listed: "logs [run]",
    summary: "the training's log, masked",
    argument: run,
    groups: flags({
      name: "follow",
      short: "f",
      negatable: true,
      meaning: "go on until the run is over; on a terminal this is so while it lives (--no-follow)",
    }),
    examples: [
      ["unitrain logs", "of the latest run"],
      ["unitrain logs swift-otter -f", "until it is over"],
      ["unitrain logs swift-otter > training.log", ""],
    ],
    notes: `${oneRun}A run that nobody follows is followed by this, from the machine, until Ctrl-C.\n`,
  },
  {
    name: "attach",
    usage: "[run] [flags]",
    listed: "attach [run]",
    summary: "go on with a run, or watch it",
    argument: run,
    groups: flags(jsonEvents),
    examples: [
      ["unitrain attach", "the latest run"],
      ["unitrain attach swift-otter", ""],
      ["unitrain attach 20261124-0015", "the beginning of an id is enough"],
    ],
  },
  {
    name: "stop",
    usage: "[run] [flags]",
    listed: "stop [run]",
    summary: "end the training, bring the best model home",
    argument: run,
    groups: flags(jsonEvents),
    examples: [["unitrain stop swift-otter", ""]],
    notes: oneRun,
  },
  {
    name: "pull",
    usage: "[run] [flags]",
    listed: "pull [run]",
    summary: "bring home what is there by now",
    argument: run,
    groups: flags(json),
    examples: [["unitrain pull swift-otter", "its models as they are; it trains on"]],
    notes: oneRun,
  },
  {
    name: "ssh",
    usage: "[run] [flags] [-- command]",
    listed: "ssh [run] [-- command]",
    summary: "a shell on the machine of a run, or a command there",
    argument: run,
    groups: flags(
      {
        name: "forward",
        short: "L",
        value: "<port:host:port>",
        repeatable: true,
        meaning: "bring a port of the machine here, as ssh -L does (repeatable)",
      },
      { name: "print", meaning: "print the ssh command instead, for editors and scripts" },
      { name: "json", meaning: "with --print: program, target and configuration file as JSON" },
    ),
    examples: [
      ["unitrain ssh", "of the latest run"],
      ["unitrain ssh swift-otter -- nvidia-smi", "one command"],
      ["unitrain ssh swift-otter -L 6006:localhost:6006", "see TensorBoard here"],
      ["unitrain ssh swift-otter --print", "for ssh -F and editors"],
    ],
    notes: `${oneRun}Ends with the exit code of what ran there.\n`,
  },
  {
    name: "gc",
    looksAtNoRuns: true,
    usage: "[names ...] [flags]",
    listed: "gc",
    summary: "give back everything paid that is left over",
    argument: { form: "[names...]" },
    groups: flags(
      { name: "dry-run", meaning: "only tell what would be given back" },
      {
        name: "adopt",
        meaning: "also what carries our names at the provider and is in no record here: asks which to end",
      },
      { name: "on", value: "<provider>", meaning: "with --adopt: where to look", completes: "machine" },
      { name: "all", meaning: "with --adopt: all of them, instead of names" },
      { name: "yes", short: "y", meaning: "ask nothing; end what was named, or --all" },
      json,
    ),
    examples: [
      ["unitrain gc --dry-run", "look first"],
      ["unitrain gc", ""],
      ["unitrain gc --adopt --on canopywave", "the records are lost"],
    ],
    notes: `Only what this computer rented, by its records, is given back; a run that a
process drives gives back itself. --adopt looks for our names: another computer
with the same account names its machines alike, so look before you end them.
Ends with 4 while something is not confirmed gone.
`,
  },
  {
    name: "completion",
    looksAtNoRuns: true,
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

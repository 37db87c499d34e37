import type { CommandDeclaration } from "./declaration.ts";

const run = { form: "[run]", completes: "run" } as const;
const oneRun = "Without a name the latest run is meant; the beginning of an id is enough.\n";

/** Commands about runs that were begun. */
export const commandsOnRuns: readonly CommandDeclaration[] = [
  {
    name: "runs",
    usage: "[flags]",
    summary: "what goes on and what is over",
    examples: [
      ["unitrain runs", ""],
      ["unitrain runs --state failed --since 7d", "what went wrong this week"],
      ["unitrain runs --json", "for programs"],
    ],
  },
  {
    name: "logs",
    usage: "[run] [flags]",
    listed: "logs [run]",
    summary: "the training's log, masked",
    argument: run,
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
    summary: "end the training, download the best model",
    argument: run,
    examples: [["unitrain stop swift-otter", ""]],
    notes: oneRun,
  },
  {
    name: "pull",
    usage: "[run] [flags]",
    listed: "pull [run]",
    summary: "download what is there by now",
    argument: run,
    examples: [["unitrain pull swift-otter", "its models as they are; it trains on"]],
    notes: oneRun,
  },
  {
    name: "ssh",
    usage: "[run] [flags] [-- command]",
    listed: "ssh [run] [-- command]",
    summary: "a shell on the machine of a run, or a command there",
    argument: run,
    examples: [
      ["unitrain ssh", "of the latest run"],
      ["unitrain ssh swift-otter -- nvidia-smi", "one command"],
      ["unitrain ssh swift-otter -L 6006:localhost:6006", "see TensorBoard here"],
      ["unitrain ssh swift-otter --print", "for ssh -F and editors"],
    ],
    notes: `${oneRun}Ends with the exit code of what ran there.\n`,
  },
  {
    name: "rm",
    usage: "<run ...> [flags]",
    listed: "rm <run>",
    summary: "remove records of runs that are over",
    argument: { form: "[runs...]", completes: "run" },
    examples: [
      ["unitrain rm swift-otter", "its results stay where they are"],
      ["unitrain rm swift-otter calm-heron", ""],
    ],
    notes: `Refuses a run that is not over, or of which something may still cost.
`,
  },
  {
    name: "gc",
    skipsRecoveryCheck: true,
    usage: "[names ...] [flags]",
    listed: "gc",
    summary: "release everything paid that is left over",
    argument: { form: "[names...]" },
    examples: [
      ["unitrain gc --dry-run", "look first"],
      ["unitrain gc", "stop, download, release"],
      ["unitrain gc --finish", "let the guardian finish them"],
      ["unitrain gc --discard", "release now, without the models"],
      ["unitrain gc --untracked --on canopywave", "the records are lost"],
    ],
    notes: `Only what this computer rented, by its records, is released; a run that a living
process drives is left to it. A training that nobody drives is stopped and its
model downloaded first, in at most the time of --within; a second Ctrl-C
releases at once. --untracked looks for our names: another computer with the
same account names its machines alike, so look before you end them.
Ends with 0 only when nothing is left that may cost; with 4 while something is
not confirmed gone, also when another process still uses it, or when a record of
this computer cannot be read.
`,
  },
];

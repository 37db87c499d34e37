import type { CommandDeclaration } from "./declaration.ts";

const run = { form: "[run]", completes: "run" } as const;
const oneRun = "Without a name, the latest run is used. The beginning of an id is enough.\n";

/** The commands that work on existing runs. */
export const commandsOnRuns: readonly CommandDeclaration[] = [
  {
    name: "runs",
    usage: "[flags]",
    summary: "list running and finished runs",
    examples: [
      ["unitrain runs", ""],
      ["unitrain runs --state failed --since 7d", "failures of the last week"],
      ["unitrain runs --json", "for programs"],
    ],
  },
  {
    name: "logs",
    usage: "[run] [flags]",
    listed: "logs [run]",
    summary: "show the training's log, with secrets masked",
    argument: run,
    examples: [
      ["unitrain logs", "of the latest run"],
      ["unitrain logs swift-otter -f", "follow until the run ends"],
      ["unitrain logs swift-otter > training.log", ""],
    ],
    notes: `${oneRun}If no process follows the run, this command follows it until Ctrl-C.\n`,
  },
  {
    name: "attach",
    usage: "[run] [flags]",
    listed: "attach [run]",
    summary: "continue or watch a run",
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
    summary: "stop the training and download the best model",
    argument: run,
    examples: [["unitrain stop swift-otter", ""]],
    notes: oneRun,
  },
  {
    name: "pull",
    usage: "[run] [flags]",
    listed: "pull [run]",
    summary: "download the current models and results",
    argument: run,
    examples: [["unitrain pull swift-otter", "the training continues"]],
    notes: oneRun,
  },
  {
    name: "ssh",
    usage: "[run] [flags] [-- command]",
    listed: "ssh [run] [-- command]",
    summary: "open a shell on the machine of a run, or run a command",
    argument: run,
    examples: [
      ["unitrain ssh", "of the latest run"],
      ["unitrain ssh swift-otter -- nvidia-smi", "one command"],
      ["unitrain ssh swift-otter -L 6006:localhost:6006", "forward TensorBoard's port"],
      ["unitrain ssh swift-otter --print", "for ssh -F and editors"],
    ],
    notes: `${oneRun}Exits with the exit code of the remote command.\n`,
  },
  {
    name: "rm",
    usage: "<run ...> [flags]",
    listed: "rm <run>",
    summary: "remove the records of finished runs",
    argument: { form: "[runs...]", completes: "run" },
    examples: [
      ["unitrain rm swift-otter", "keeps its results"],
      ["unitrain rm swift-otter calm-heron", ""],
    ],
    notes: `Refuses a run that is not finished or may still cost money.
`,
  },
  {
    name: "gc",
    skipsRecoveryCheck: true,
    usage: "[names ...] [flags]",
    listed: "gc",
    summary: "release everything that still costs money",
    argument: { form: "[names...]" },
    examples: [
      ["unitrain gc --dry-run", "look first"],
      ["unitrain gc", "stop, download, release"],
      ["unitrain gc --finish", "let the guardian finish trainings"],
      ["unitrain gc --discard", "release now, without the models"],
      ["unitrain gc --untracked", "find machines without a record"],
    ],
    notes: `Releases only what this computer has rented according to its records, and skips
runs that another process drives. A training without a process is stopped, and
its model is downloaded first, which takes at most --within minutes; a second
Ctrl-C releases at once. --untracked searches the provider of --on, or else all
clouds that have a key, for names that unitrain gives. Other computers with the
same account use such names too, so check the list before you confirm.
Exits with 0 only if nothing can cost money any more, and with 4 while a release
is not confirmed, another process still uses a machine, or a record cannot be
read.
`,
  },
];

import { Command } from "commander";
import type { ExitCode } from "./exit-code.ts";
import { positiveNumber, type RunFlags, type TrainFlags } from "./flags.ts";
import { examples } from "./help.ts";
import type { Surroundings } from "./surroundings.ts";
import { version } from "./version.ts";

/** All commands and flags. A body is imported when its command is called, so that help does not wait for it. */
export function declareCommands(surroundings: Surroundings, ended: (code: ExitCode) => void): Command {
  const program = emptyProgram(surroundings);
  const command = (name: string, description: string) =>
    // Output and exits are copied from the program by commander.
    program
      .command(name)
      .description(description)
      .addHelpText("after", examples[name.split(" ")[0] ?? ""] ?? "");
  const train = async (words: string[], flags: TrainFlags) =>
    ended(await (await import("./commands/train.ts")).train(words, flags, surroundings));
  const plan = async (words: string[], flags: TrainFlags) =>
    ended(await (await import("./commands/plan.ts")).plan(words, flags, surroundings));
  const runs = async (flags: RunFlags) =>
    ended(await (await import("./commands/runs.ts")).runs(flags, surroundings));
  const logs = async (run: string | undefined, flags: RunFlags) =>
    ended(await (await import("./commands/logs.ts")).logs(run, flags, surroundings));
  const attach = async (run: string | undefined, flags: RunFlags) =>
    ended(await (await import("./commands/attach.ts")).attach(run, flags, surroundings));
  const stop = async (run: string | undefined, flags: RunFlags) =>
    ended(await (await import("./commands/stop.ts")).stop(run, flags, surroundings));
  const pull = async (run: string | undefined, flags: RunFlags) =>
    ended(await (await import("./commands/pull.ts")).pull(run, flags, surroundings));
  const gc = async (flags: RunFlags) =>
    ended(await (await import("./commands/gc.ts")).gc(flags, surroundings));

  trainFlags(command("train [words...]", "train, show how it goes, bring the model home"))
    .option("--detach", "leave it running once it runs; attach comes back")
    .option("--dry-run", "the same as plan")
    .option("--yes", "rent without asking; for this computer nothing is asked")
    .option("--no-input", "never ask; fail where an answer would be needed")
    .action(train);
  trainFlags(command("plan [words...]", "check data and options, say what train would do")).action(plan);
  command("runs", "what goes on and what is over").option("--json", "as JSON").action(runs);
  command("logs [run]", "the training's log, masked")
    .option("-f, --follow", "go on until the run is over")
    .action(logs);
  command("attach [run]", "go on with a run, or watch it")
    .option("--json", "one JSON event a line, from the first on")
    .action(attach);
  command("stop [run]", "end the training, bring the best model home")
    .option("--json", "one JSON event a line, from the first on")
    .action(stop);
  command("pull [run]", "bring home what is there by now").option("--json", "as JSON").action(pull);
  command("gc", "give back everything paid that is left over").option("--json", "as JSON").action(gc);
  return program;
}

function emptyProgram({ stdout, stderr }: Surroundings): Command {
  return new Command("unitrain")
    .description("Trains a model on a machine and brings it home.")
    .usage("<command> [words] [flags]")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", examples.unitrain ?? "")
    .configureHelp({ subcommandTerm: (command) => terms[command.name()] ?? command.name() })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      // Whoever parses tells it, in the form of every other error.
      outputError: () => {},
      getOutHelpWidth: () => helpWidth(stdout.columns),
      getErrHelpWidth: () => helpWidth(stderr.columns),
    })
    .exitOverride();
}

/** As commands are listed; their flags are for their own help. */
const terms: Readonly<Record<string, string>> = {
  train: "train <data> [key=value]",
  plan: "plan <data> [key=value]",
  logs: "logs [run]",
  attach: "attach [run]",
  stop: "stop [run]",
  pull: "pull [run]",
  help: "help [command]",
};

function trainFlags(command: Command): Command {
  return command
    .usage("<data> [key=value ...] [flags]")
    .option("--on <machine>", "where; so far only this computer", "local")
    .option("--name <name>", "what to call the run; by default one is made up")
    .option("--out <folder>", "where all is brought to, by default runs/detect/<name>")
    .option("--budget <usd>", "spend no more than this in all", positiveNumber)
    .option("--max-hours <hours>", "stop it after this time", positiveNumber)
    .option("-v, --verbose", "show everything that the check of the data found")
    .option("--json", "for programs: JSON on stdout, while training an event a line");
}

function helpWidth(columns: number | undefined): number {
  return Math.min(columns ?? 80, 100);
}

import type { CliContext } from "../context/cli-context.ts";
import type { ExitCode } from "../context/exit-code.ts";
import type { Flags } from "../settings/flags.ts";

/** The arguments after a command's name. */
export interface ParsedArguments {
  readonly words: readonly string[];
  readonly flags: Flags;
  /** The words after `--`; undefined without `--`. */
  readonly behindDashes: readonly string[] | undefined;
}

type Body = (parsed: ParsedArguments, context: CliContext) => Promise<ExitCode>;

/** The implementation of each command. It is imported when the command is called. */
export const commandBodies: Readonly<Record<string, Body>> = {
  init: async ({ words, flags }, context) =>
    (await import("../commands/init.ts")).init(words[0], flags, context),
  doctor: async ({ flags }, context) => (await import("../commands/doctor.ts")).doctor(flags, context),
  plan: async ({ words, flags }, context) =>
    (await import("../commands/plan.ts")).plan(words, flags, context),
  offers: async ({ flags }, context) => (await import("../commands/offers.ts")).offers(flags, context),
  train: async ({ words, flags }, context) =>
    (await import("../commands/train.ts")).train(words, flags, context),
  runs: async ({ flags }, context) => (await import("../commands/runs.ts")).runs(flags, context),
  logs: async ({ words, flags }, context) =>
    (await import("../commands/logs.ts")).logs(words[0], flags, context),
  attach: async ({ words, flags }, context) =>
    (await import("../commands/attach.ts")).attach(words[0], flags, context),
  stop: async ({ words, flags }, context) =>
    (await import("../commands/stop.ts")).stop(words[0], flags, context),
  pull: async ({ words, flags }, context) =>
    (await import("../commands/pull.ts")).pull(words[0], flags, context),
  ssh: async ({ words, flags, behindDashes }, context) =>
    (await import("../commands/ssh.ts")).ssh(words[0], behindDashes, flags, context),
  rm: async ({ words, flags }, context) => (await import("../commands/rm.ts")).rm(words, flags, context),
  gc: async ({ words, flags }, context) => (await import("../commands/gc.ts")).gc(words, flags, context),
  clean: async ({ flags }, context) => (await import("../commands/clean.ts")).clean(flags, context),
  login: async ({ words, flags }, context) =>
    (await import("../commands/login.ts")).login(words[0], flags, context),
  completion: async ({ words }, context) =>
    (await import("../commands/completion.ts")).completion(words[0], context),
};

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
  init: async ({ words, flags }, world) => (await import("../commands/init.ts")).init(words[0], flags, world),
  doctor: async ({ flags }, world) => (await import("../commands/doctor.ts")).doctor(flags, world),
  plan: async ({ words, flags }, world) => (await import("../commands/plan.ts")).plan(words, flags, world),
  offers: async ({ flags }, world) => (await import("../commands/offers.ts")).offers(flags, world),
  train: async ({ words, flags }, world) => (await import("../commands/train.ts")).train(words, flags, world),
  runs: async ({ flags }, world) => (await import("../commands/runs.ts")).runs(flags, world),
  logs: async ({ words, flags }, world) => (await import("../commands/logs.ts")).logs(words[0], flags, world),
  attach: async ({ words, flags }, world) =>
    (await import("../commands/attach.ts")).attach(words[0], flags, world),
  stop: async ({ words, flags }, world) => (await import("../commands/stop.ts")).stop(words[0], flags, world),
  pull: async ({ words, flags }, world) => (await import("../commands/pull.ts")).pull(words[0], flags, world),
  ssh: async ({ words, flags, behindDashes }, world) =>
    (await import("../commands/ssh.ts")).ssh(words[0], behindDashes, flags, world),
  rm: async ({ words, flags }, world) => (await import("../commands/rm.ts")).rm(words, flags, world),
  gc: async ({ words, flags }, world) => (await import("../commands/gc.ts")).gc(words, flags, world),
  clean: async ({ flags }, world) => (await import("../commands/clean.ts")).clean(flags, world),
  login: async ({ words, flags }, world) =>
    (await import("../commands/login.ts")).login(words[0], flags, world),
  completion: async ({ words }, world) =>
    (await import("../commands/completion.ts")).completion(words[0], world),
};

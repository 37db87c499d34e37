import type { GcReport, Runs } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import type { Flags } from "../settings/flags.ts";
import { clean, cleanAll } from "../terminal/render/clean.ts";
import { gcLines, type UntrackedReport, untrackedLines } from "../terminal/render/gc.ts";
import { hintText } from "../terminal/render/hint.ts";
import { type Line, painted, widthOf, wrapped } from "../terminal/render/line.ts";
import { releaseUntracked } from "./untracked/release-untracked.ts";

/** Releases everything paid that no living process answers for; with `--untracked` also what no record here knows. */
export async function gc(names: readonly string[], flags: Flags, context: CliContext): Promise<ExitCode> {
  checkWords(names, flags);
  const { engine, stdout, folder } = context;
  const runs = await (await engine()).runs();
  const show = (lines: readonly Line[]) => {
    if (flags.json === true) return;
    for (const line of painted(lines, stdout)) stdout.write(`${line}\n`);
  };
  // When the records cannot be read, the provider is the only one that knows: that is what --untracked is for.
  let unreadable: unknown;
  const report = await collect(runs, flags, context).catch((error) => {
    if (flags.untracked !== true || error?.cause?.code !== "STATE_UNREADABLE") throw error;
    unreadable = error;
    return undefined;
  });
  if (report !== undefined) {
    const summaries = report.unconfirmed.length + report.pending.length === 0 ? [] : await runs.runs();
    show(gcLines(cleanAll(report), cleanAll(summaries), folder));
  }
  const untracked = flags.untracked === true ? await releaseUntracked(names, flags, context) : undefined;
  if (untracked !== undefined) show(untrackedLines(cleanAll(untracked)));
  if (flags.json === true)
    stdout.write(
      `${JSON.stringify({ ...report, ...(untracked === undefined ? {} : { untracked: untracked }) }, null, 2)}\n`,
    );
  if (report === undefined) throw unreadable;
  return mayCost(report, untracked) ? exitCodes.releaseUnconfirmed : exitCodes.done;
}

/** Everything that is not confirmed gone, whoever answers for it: only without it the exit code is 0. */
function mayCost(
  { unconfirmed, unreadable, driven, pending, trainings }: GcReport,
  untracked: UntrackedReport | undefined,
): boolean {
  const remaining = unconfirmed.length + unreadable.length + driven.length + pending.length;
  const untrackedCount = (untracked?.unconfirmed.length ?? 0) + (untracked?.pending.length ?? 0);
  return remaining + untrackedCount > 0 || trainings.some(({ model }) => model === "finishing");
}

/** A second Ctrl-C gives trainings no more time, a third one leaves. */
async function collect(
  runs: Runs,
  { dryRun, finish, discard, within }: Flags,
  { signals, stderr, exit }: CliContext,
): Promise<GcReport> {
  const showStatus = (message: string) => {
    for (const line of wrapped(clean(message), widthOf(stderr))) stderr.write(`${line}\n`);
  };
  const releaseNow = new AbortController();
  let interrupts = 0;
  const interrupted = () => {
    interrupts += 1;
    if (interrupts === 1)
      showStatus("Ctrl-C once more: release at once, without what is not downloaded. This goes on.");
    if (interrupts === 2) {
      showStatus("Releasing at once. Ctrl-C once more: leave; what is not released costs on: unitrain gc");
      releaseNow.abort();
    }
    if (interrupts > 2) exit(exitCodes.releaseUnconfirmed);
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) signals.on(name, interrupted);
  try {
    return await runs.gc({
      dryRun: dryRun === true,
      trainings: finish === true ? "finish" : discard === true ? "discard" : "download",
      ...(within === undefined ? {} : { downloadWithinMs: within * 60_000 }),
      signal: releaseNow.signal,
      showStatus,
    });
  } catch (error) {
    throw costsUnknown(error);
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) signals.off(name, interrupted);
  }
}

/** Records that cannot be read at all leave open what still costs: that ends with 4 as well. */
function costsUnknown(error: unknown): unknown {
  if (!UnitrainError.isInstance(error)) return error;
  if (error.code !== "STATE_UNREADABLE" && error.code !== "STATE_UNSAFE") return error;
  const search = "To see what is rented: unitrain gc --untracked --on canopywave.";
  const advice = hintText(error);
  const hint = error.code === "STATE_UNSAFE" ? advice : `${search} ${advice ?? ""}`.trim();
  return new UnitrainError("RELEASE_UNCONFIRMED", `What may still cost cannot be told: ${error.message}`, {
    hint,
    cause: error,
  });
}

function checkWords(names: readonly string[], { untracked, on, all, finish, discard }: Flags): void {
  if (finish === true && discard === true) {
    throw new UnitrainError("INVALID_OPTIONS", "A training is either finished or discarded.", {
      hint: "Give --finish or --discard, or neither: then it is stopped, and its model downloaded.",
    });
  }
  if (untracked === true) return;
  if (names.length === 0 && on === undefined && all !== true) return;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    "gc releases all that this computer's records name: it takes no names.",
    { hint: "For what no record knows: unitrain gc --untracked --on canopywave" },
  );
}

import type { GcReport, Runs } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import type { Flags } from "../settings/flags.ts";
import { renderGcReport, renderUntrackedReport, type UntrackedReport } from "../terminal/render/gc.ts";
import { formatHint } from "../terminal/render/hint.ts";
import { type Line, measureWidth } from "../terminal/render/line.ts";
import { writeJson, writeLines, writeSentence } from "../terminal/write.ts";
import { releaseUntracked } from "./untracked/release-untracked.ts";

/** Releases everything that costs money and that no running process drives. With `--untracked` it also releases resources that are not in this computer's records. */
export async function gc(names: readonly string[], flags: Flags, context: CliContext): Promise<ExitCode> {
  checkWords(names, flags);
  const { engine, stdout, folder } = context;
  const runs = await (await engine()).runs();
  const show = (lines: readonly Line[]) => {
    if (flags.json !== true) writeLines(stdout, lines);
  };
  // If the records cannot be read, --untracked still works, because it asks the provider what exists.
  let unreadable: unknown;
  const report = await collect(runs, flags, context).catch((error) => {
    if (flags.untracked !== true || error?.cause?.code !== "STATE_UNREADABLE") throw error;
    unreadable = error;
    return undefined;
  });
  if (report !== undefined) {
    const summaries = report.unconfirmed.length + report.pending.length === 0 ? [] : await runs.runs();
    show(renderGcReport(report, summaries, folder));
  }
  const untracked =
    flags.untracked === true
      ? await releaseUntracked(names, flags, context).catch((error) => {
          // What the records say outweighs why the search failed.
          throw report === undefined || mayCost(report, undefined) ? searchFailed(error) : error;
        })
      : undefined;
  if (untracked !== undefined) show(renderUntrackedReport(untracked, measureWidth(stdout)));
  if (flags.json === true)
    writeJson(stdout, { ...report, ...(untracked === undefined ? {} : { untracked }) }, 2);
  if (report === undefined) throw unreadable;
  return mayCost(report, untracked) ? exitCodes.releaseUnconfirmed : exitCodes.done;
}

/** Returns whether anything is not confirmed gone, no matter which process drives it. Only then is the exit code not 0. */
function mayCost(
  { unconfirmed, unreadable, driven, pending, trainings }: GcReport,
  untracked: UntrackedReport | undefined,
): boolean {
  const remaining = unconfirmed.length + unreadable.length + driven.length + pending.length;
  const unsearched = untracked?.clouds.filter(({ state }) => state === "failed") ?? [];
  const untrackedCount =
    (untracked?.unconfirmed.length ?? 0) + (untracked?.pending.length ?? 0) + unsearched.length;
  return remaining + untrackedCount > 0 || trainings.some(({ model }) => model === "finishing");
}

/** Turns the error of a search into one that ends with 4, because something is not confirmed gone. */
function searchFailed(error: unknown): unknown {
  if (!UnitrainError.isInstance(error)) return error;
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `Something may still cost money, and the search for more failed: ${error.message}`,
    { hint: formatHint(error), cause: error },
  );
}

/** Runs the collection. The second Ctrl-C releases without waiting for trainings, and the third one exits. */
async function collect(
  runs: Runs,
  { dryRun, finish, discard, within }: Flags,
  { signals, stderr, exit }: CliContext,
): Promise<GcReport> {
  const showStatus = (message: string) => writeSentence(stderr, message);
  const releaseNow = new AbortController();
  let interrupts = 0;
  const interrupted = () => {
    interrupts += 1;
    if (interrupts === 1)
      showStatus(
        "Still downloading and releasing. Press Ctrl-C again to release at once and lose what is not downloaded.",
      );
    if (interrupts === 2) {
      showStatus(
        "Releasing at once. Press Ctrl-C again to exit; what is not released then goes on costing: unitrain gc",
      );
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

/** Turns an error for records that cannot be read into one that ends with 4, because it is unknown what still costs money. */
function costsUnknown(error: unknown): unknown {
  if (!UnitrainError.isInstance(error)) return error;
  if (error.code !== "STATE_UNREADABLE" && error.code !== "STATE_UNSAFE") return error;
  const search = "To list what is rented: unitrain gc --untracked.";
  const advice = formatHint(error);
  const hint = error.code === "STATE_UNSAFE" ? advice : `${search} ${advice ?? ""}`.trim();
  return new UnitrainError("RELEASE_UNCONFIRMED", `It is unknown what still costs money: ${error.message}`, {
    hint,
    cause: error,
  });
}

function checkWords(names: readonly string[], { untracked, on, all, finish, discard }: Flags): void {
  if (finish === true && discard === true) {
    throw new UnitrainError("INVALID_OPTIONS", "--finish and --discard cannot be combined.", {
      hint: "Pass only one of them, or neither to stop trainings and download their models.",
    });
  }
  if (untracked === true) return;
  if (names.length === 0 && on === undefined && all !== true) return;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    "gc takes no names, because it releases everything in this computer's records.",
    { hint: "To release resources that are in no record: unitrain gc --untracked" },
  );
}

import type { ErrorReport, Run } from "@unitrain/core";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, getExitCode } from "../context/exit-code.ts";
import type { Interrupts } from "../signals/interrupts.ts";
import { renderDetachNotice } from "../terminal/render/detach-notice.ts";
import { createErrorReport } from "../terminal/render/error.ts";
import { measureWidth } from "../terminal/render/line.ts";
import { createPathTranslator } from "../terminal/render/path-translator.ts";
import { renderSummary } from "../terminal/render/summary.ts";
import { reportError } from "../terminal/report-error.ts";
import type { Screen } from "../terminal/screen/screen.ts";
import { writeLines } from "../terminal/write.ts";

/** How a run is followed. */
export interface Following {
  readonly screen: Screen;
  readonly interrupts: Interrupts;
  readonly json: boolean;
  /** The pending request to detach or to stop. If it fails, following ends. */
  readonly detachRequest?: Promise<void>;
  /** The user asked to detach, so a run that continues is a success. */
  readonly detaches?: boolean;
  /** The user asked to stop, so a run that is cancelled is a success. */
  readonly stops?: boolean;
}

/** Shows a run until it is over or this process leaves it, reports how it ended, and returns the exit code. */
export async function followRun(run: Run, following: Following, context: CliContext): Promise<ExitCode> {
  const { screen, interrupts } = following;
  const failure = run.result.then(
    () => undefined,
    (error: unknown) => error,
  );
  try {
    await Promise.race([
      showEvents(run, screen),
      interrupts.watchingEnded,
      rejectOnFailure(following.detachRequest),
    ]);
    await interrupts.settle();
    screen.close();
    if (screen.view.finished === undefined && leavesRunActive(run, following)) {
      screen.print(renderDetachNotice(run, screen.view, measureWidth(context.stderr)));
      return getExitCode({ wasInterrupted: interrupts.first() !== undefined });
    }
    return reportEnd(run, await failure, following, context);
  } finally {
    screen.close();
    await run[Symbol.asyncDispose]();
  }
}

/** Shows all events. An error in the display must not end a training, so it is thrown when the run is over. */
async function showEvents(run: Run, screen: Screen): Promise<void> {
  let fault: unknown;
  for await (const event of run.events) {
    try {
      screen.show(event);
    } catch (error) {
      fault ??= error;
    }
  }
  if (fault !== undefined) throw fault;
}

/** Returns a promise that rejects when the passed one does, and never resolves. */
function rejectOnFailure(promise: Promise<void> | undefined): Promise<void> {
  return new Promise((_, reject) => promise?.catch(reject));
}

/**
 * Returns whether this process leaves a run that continues: it was detached, or the user stopped watching it. Watching also ends when
 * the driver is gone. Then the run does not continue, and may cost money.
 */
function leavesRunActive(run: Run, { detaches = false, interrupts }: Following): boolean {
  if (run.role === "follower") return interrupts.first() !== undefined;
  return detaches || interrupts.first() === "detach";
}

function reportEnd(run: Run, failure: unknown, following: Following, context: CliContext): ExitCode {
  const { json, interrupts, stops = false } = following;
  const { finished } = following.screen.view;
  if (finished !== undefined && !json) showSummary(run, following.screen, context);
  const wasInterrupted = interrupts.first() !== undefined;
  const found: ErrorReport | undefined = failure === undefined ? finished?.error : createErrorReport(failure);
  // The message may quote the training's log, which contains paths of the machine.
  const error =
    found?.code !== "TRAINING_FAILED" || json
      ? found
      : { ...found, message: createPathTranslator(run, context.folder)(found.message) };
  const wanted = error?.code === "CANCELLED" && (wasInterrupted || stops);
  if (error !== undefined && !wanted) reportError(error, failure, context, json);
  return getExitCode({ error: wanted ? undefined : error, receipt: finished?.receipt, wasInterrupted });
}

function showSummary(run: Run, { view }: Screen, { stdout, folder }: CliContext): void {
  if (view.finished === undefined) return;
  const { receipt } = view.finished;
  const lines = renderSummary(view, receipt, receipt.out ?? run.paths.out, folder, measureWidth(stdout));
  writeLines(stdout, [[], ...lines]);
}

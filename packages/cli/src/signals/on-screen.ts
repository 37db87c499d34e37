import type { Run } from "@unitrain/core";
import { isGuarded, type RunView } from "@unitrain/view";
import type { CliContext } from "../context/cli-context.ts";
import { exitCodes } from "../context/exit-code.ts";
import { createErrorReport } from "../terminal/render/error.ts";
import { measureWidth } from "../terminal/render/line.ts";
import { reportError } from "../terminal/report-error.ts";
import { canAsk, type Screen } from "../terminal/screen/screen.ts";
import { renderInterruptAction } from "./interrupt-text.ts";
import {
  type InterruptReactions,
  type Interrupts,
  listenForInterrupts,
  type RunSituation,
} from "./interrupts.ts";

/** Listens to the signals of this process, and shows the reactions on the screen of the run. */
export function showInterrupts(
  screen: Screen,
  context: CliContext,
  { json, input = true }: { readonly json: boolean; readonly input?: boolean | undefined },
): Interrupts {
  const ask: InterruptReactions["ask"] = async (run, settled) => {
    const { askWhatToDo } = await import("./ask-what-to-do.ts");
    return screen.aside(() => askWhatToDo(run, isGuarded(screen.view), settled));
  };
  return listenForInterrupts(context.signals, {
    answering: (answer, run, last) => {
      if (stopping.has(answer)) screen.view.isStopping = true;
      screen.print(renderInterruptAction(answer, run, last, measureWidth(context.stderr)));
    },
    ...(input && !json && canAsk(context) ? { ask } : {}),
    failed: (error) => reportError(createErrorReport(error), error, context, json),
    exit: (rented) => {
      screen.close();
      context.exit(rented ? exitCodes.releaseUnconfirmed : exitCodes.interrupted);
    },
  });
}

/** Returns the situation of a run as its view shows it. It changes with the view. */
export function createRunSituation(run: Pick<Run, "plan">, view: RunView): RunSituation {
  return {
    rented: run.plan.provider.ownership === "rented",
    get hasJobBegun() {
      return view.hasJobBegun;
    },
    get guarded() {
      return isGuarded(view);
    },
  };
}

const stopping: ReadonlySet<string> = new Set(["stop", "stop at once", "discard"]);

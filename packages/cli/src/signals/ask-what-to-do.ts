import type { Run } from "@unitrain/core";
import { askToSelect } from "../terminal/ask.ts";
import type { Choice } from "./interrupts.ts";

/** How long to wait for an answer. Without one, the run continues. */
const patienceMs = 60_000;

/** Asks what to do with a training on a rented machine, which continues meanwhile. Returns undefined if the answer is Ctrl-C. */
export async function askWhatToDo(
  run: Pick<Run, "name">,
  guarded: boolean,
  settled: AbortSignal,
): Promise<Choice | undefined> {
  const timeout = AbortSignal.timeout(patienceMs);
  const answer = await askToSelect<Choice>(
    {
      message: `${run.name} costs money while it trains. What now? (Ctrl-C: stop)`,
      signal: AbortSignal.any([timeout, settled]),
    },
    [
      {
        value: "detach",
        label: `detach: ${guarded ? "the guardian goes on with it" : "if a guardian can be started"}`,
      },
      { value: "stop", label: "stop: download the best model so far, release the machine" },
      { value: "discard", label: "terminate now: release the machine, lose what is not downloaded" },
      { value: "go on", label: "go on watching" },
    ],
    guarded ? "detach" : "stop",
  );
  return answer ?? (timeout.aborted ? "go on" : undefined);
}

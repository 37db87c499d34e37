import type { LeaseContext } from "../../spec/index.ts";

/** Thrown to leave renting when the run was stopped. It is not an error. */
export const stopRequested = Symbol("stop requested");

/** Throws `stopRequested` if the run was stopped, so that no further request is made. */
export function stopWhenRequested({ stopSignal }: Pick<LeaseContext, "stopSignal">): void {
  if (stopSignal.aborted) throw stopRequested;
}

/** Waits, and throws `stopRequested` at once when the run is stopped. */
export async function pauseUntilStopped(
  { stopSignal, wait }: Pick<LeaseContext, "stopSignal" | "wait">,
  ms: number,
): Promise<void> {
  let end = () => {};
  const whenStopped = new Promise<never>((_resolve, reject) => {
    end = () => reject(stopRequested);
    if (stopSignal.aborted) end();
    stopSignal.addEventListener("abort", end, { once: true });
  });
  const waiting = wait(ms);
  waiting.catch(() => {});
  try {
    await Promise.race([waiting, whenStopped]);
  } finally {
    stopSignal.removeEventListener("abort", end);
  }
}

import { UnitrainError } from "../spec/index.ts";

/** Returns a signal that aborts with the user's signal, and whose reason is a `CANCELLED` error. */
export function toCancelSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  const controller = new AbortController();
  const end = () =>
    controller.abort(new UnitrainError("CANCELLED", "Cancelled before anything was started."));
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return controller.signal;
}

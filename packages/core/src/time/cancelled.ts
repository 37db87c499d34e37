import { UnitrainError } from "../spec/index.ts";

/** The user's signal, with a reason that says what it means. */
export function toCancelSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  const controller = new AbortController();
  const end = () =>
    controller.abort(new UnitrainError("CANCELLED", "It was cancelled before anything was started."));
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return controller.signal;
}

import { type CallContext, type Phase, UnitrainError } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";
import { withDeadline } from "../time/deadline.ts";

/** What calls to adapters share: clock, sanitizer and screen. */
export interface AdapterBoundary {
  readonly clock: Clock;
  readonly secret: (value: string) => void;
  readonly showStatus: (phase: Phase, message: string) => void;
  readonly progress?: (message: string) => void;
}

export interface AdapterCall {
  readonly phase: Phase;
  /** The adapter and the method, as errors name them: `provider-local.getMachineState`. */
  readonly adapter: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls a method of an adapter with a new context and a deadline. Errors name the adapter and the phase.
 *
 * @throws UnitrainError The adapter's own; `TIMED_OUT` at the deadline; `ADAPTER_FAILED` for any other error.
 */
export async function callAdapter<T>(
  boundary: AdapterBoundary,
  call: AdapterCall,
  method: (context: CallContext) => Promise<T> | T,
): Promise<T> {
  try {
    return await withDeadline(
      { clock: boundary.clock, operation: call.adapter, timeoutMs: call.timeoutMs, signal: call.signal },
      (signal) => method(createCallContext(boundary, call.phase, signal)),
    );
  } catch (error) {
    throw toAdapterError(error, call);
  }
}

/** Creates the context of one call. It is frozen, so that an adapter cannot leave anything in it. */
function createCallContext(boundary: AdapterBoundary, phase: Phase, signal: AbortSignal): CallContext {
  return Object.freeze({
    signal,
    secret: boundary.secret,
    showStatus: (message: string) => boundary.showStatus(phase, message),
    progress: (message: string) => boundary.progress?.(message),
    wait: (ms: number) => boundary.clock.wait(ms, signal),
  });
}

/** Adds the adapter and the phase to a `UnitrainError`, and wraps any other error. */
export function toAdapterError(
  error: unknown,
  call: Pick<AdapterCall, "adapter"> & Partial<Pick<AdapterCall, "phase">>,
): UnitrainError {
  if (UnitrainError.isInstance(error)) {
    if (error.adapter !== undefined && error.phase !== undefined) return error;
    return new UnitrainError(error.code, error.message, {
      hint: error.hint,
      action: error.action,
      phase: error.phase ?? call.phase,
      adapter: error.adapter ?? call.adapter,
      retryable: error.retryable,
      findings: error.findings,
      cause: error.cause,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new UnitrainError("ADAPTER_FAILED", `${call.adapter} failed: ${message}`, {
    hint: "This is a bug in the adapter, or a fault of the service that it calls. See the cause for details.",
    phase: call.phase,
    adapter: call.adapter,
    cause: error,
  });
}

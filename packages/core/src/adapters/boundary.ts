import { type CallContext, type Phase, UnitrainError } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";
import { withDeadline } from "../time/deadline.ts";

/** What every call to an adapter is made with. */
export interface AdapterBoundary {
  readonly clock: Clock;
  readonly secret: (value: string) => void;
  readonly showStatus: (phase: Phase, message: string) => void;
  readonly progress?: (message: string) => void;
}

export interface AdapterCall {
  readonly phase: Phase;
  /** Adapter and method, as it stands in errors: `provider-local.getMachineState`. */
  readonly adapter: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Calls an adapter: with a context of this call only, a deadline, and every foreign error blamed on who threw it. */
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

/** A context whose life is the caller's matter: for calls that last, like `follow`. */
function createCallContext(boundary: AdapterBoundary, phase: Phase, signal: AbortSignal): CallContext {
  return Object.freeze({
    signal,
    secret: boundary.secret,
    showStatus: (message: string) => boundary.showStatus(phase, message),
    progress: (message: string) => boundary.progress?.(message),
    wait: (ms: number) => boundary.clock.wait(ms, signal),
  });
}

/** The same error with who and where, if it is one of ours; else one of ours around it. */
function toAdapterError(error: unknown, call: Pick<AdapterCall, "adapter" | "phase">): UnitrainError {
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
    hint: "This is a fault of the adapter, or of what it talks to; the cause says more.",
    phase: call.phase,
    adapter: call.adapter,
    cause: error,
  });
}

import type { CallContext, Machine, Phase, Session } from "../spec/index.ts";

/** How a call over the link is made. */
export interface LinkCall {
  readonly phase: Phase;
  /** The session's method, for errors. */
  readonly method: string;
  readonly timeoutMs: number;
  /** Ends the call; by default when the run is unwanted. */
  readonly signal?: AbortSignal;
  /** How long a lost machine is tried again. By default 5 minutes. */
  readonly patienceMs?: number;
  /** How often the call is made at most when the machine answers, but with an error that may pass. By default once. */
  readonly tries?: number;
}

/** The run's one connection. Whoever uses it need not know that it was lost in between. */
export interface MachineLink {
  /** Makes the first connection, and returns the machine that it leads to. */
  open(signal: AbortSignal): Promise<Machine>;
  /** Calls over the session; when the connection is lost it is made anew, and the call repeated. */
  use<T>(call: LinkCall, method: (session: Session, context: CallContext) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

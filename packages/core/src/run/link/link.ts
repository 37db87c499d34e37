import type { CallContext, Machine, Phase, Session } from "../../spec/index.ts";

/** The settings of one call over the connection. */
export interface LinkCall {
  readonly phase: Phase;
  /** The name of the session's method, for error messages. */
  readonly method: string;
  readonly timeoutMs: number;
  /** Aborts the call. By default the run's `stopSignal`. */
  readonly signal?: AbortSignal;
  /** How long to try to reconnect after the connection is lost. By default 5 minutes. */
  readonly patienceMs?: number;
  /** How many times the call is tried when the machine responds with a transient error. By default once. */
  readonly tries?: number;
}

/** What it takes to call the machine. */
export interface Connected {
  readonly link: Pick<MachineLink, "use">;
}

/** The run's only connection to its machine. It reconnects by itself, so its users need not handle a lost connection. */
export interface MachineLink {
  /** Opens the first connection, and returns the machine it is connected to. */
  open(signal: AbortSignal): Promise<Machine>;
  /** Calls a method of the session. If the connection is lost, it reconnects and repeats the call. */
  use<T>(call: LinkCall, method: (session: Session, context: CallContext) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

import type { EmulatorClock } from "../clock.ts";
import type { Reply } from "../http/reply.ts";

/** What faults need from an emulated cloud. */
export interface FaultCloud {
  readonly clock: EmulatorClock;
  /** Stores a change of the state. The keeper of the machines picks it up. */
  saveChanges(): void;
  /** Returns the URL of another host, which only records requests. */
  redirectUrl(): string;
}

/** A request with the name of its API call. */
export interface FaultRequest<Call extends string = string> {
  readonly call: Call;
}

/** A fault: which calls it affects, what goes wrong, and how the cloud's state changes. */
export interface FaultKind<
  Call extends string = never,
  Cloud extends FaultCloud = FaultCloud,
  Request extends FaultRequest = FaultRequest,
> {
  /** One line for display. */
  readonly description: string;
  /** Calls that it affects, unless the order names others. */
  readonly calls: readonly Call[] | "any";
  /** Whether the call takes effect; an order can override it. */
  readonly done: boolean;
  /** Duration in milliseconds, for faults that have one; an order can override it. */
  readonly ms?: number;
  /** Changes the cloud's state after the call took effect. */
  readonly after?: (scene: FaultScene<Cloud, Request>) => void;
  /** Returns the reply that replaces the truthful one. */
  readonly reply?: (scene: FaultScene<Cloud, Request>) => Reply;
  /** Waits for the duration before anything else happens. */
  readonly waitsFirst?: boolean;
}

/** The situation in which a fault strikes. */
export interface FaultScene<
  Cloud extends FaultCloud = FaultCloud,
  Request extends FaultRequest = FaultRequest,
> {
  readonly cloud: Cloud;
  readonly request: Request;
  /** Duration in milliseconds. */
  readonly ms: number;
  /** The truthful reply; undefined when the call took no effect. */
  readonly truthfulReply: Reply | undefined;
}

import type { EmulatorClock } from "../clock.ts";
import type { Reply } from "../http/reply.ts";

/** What faults need of an emulated cloud, whichever it is. */
export interface FaultWorld {
  readonly clock: EmulatorClock;
  /** Writes the change down, then tells whoever keeps the machines. */
  saveChanges(): void;
  /** The URL of another host, which only notes what it is sent. */
  redirectUrl(): string;
}

/** A request, named by the row of the API that it is for. */
export interface FaultRequest<Call extends string = string> {
  readonly call: Call;
}

/** One fault: what goes wrong, where, and what is true afterwards. */
export interface FaultKind<
  Call extends string = never,
  World extends FaultWorld = FaultWorld,
  Request extends FaultRequest = FaultRequest,
> {
  /** One line for people. */
  readonly description: string;
  /** The calls it strikes unless the order names others. */
  readonly calls: readonly Call[] | "any";
  /** Whether the call takes effect all the same; an order may say otherwise. */
  readonly done: boolean;
  /** The fault's own length of time, where it has one; an order may say otherwise. */
  readonly ms?: number;
  /** What changes in the cloud once the call took its effect. */
  readonly after?: (scene: FaultScene<World, Request>) => void;
  /** What is answered in place of the truth. */
  readonly reply?: (scene: FaultScene<World, Request>) => Reply;
  /** Waits before anything happens. */
  readonly waitsFirst?: boolean;
}

/** What a fault sees when it strikes. */
export interface FaultScene<
  World extends FaultWorld = FaultWorld,
  Request extends FaultRequest = FaultRequest,
> {
  readonly world: World;
  readonly request: Request;
  /** The fault's own length of time. */
  readonly ms: number;
  /** The truthful answer; absent when the call took no effect. */
  readonly truthfulReply: Reply | undefined;
}

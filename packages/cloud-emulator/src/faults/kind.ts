import type { CallName, CallRequest } from "../canopywave/http/call.ts";
import type { InstanceRecord } from "../canopywave/world/records.ts";
import type { World } from "../canopywave/world/world.ts";
import type { Reply } from "../http/reply.ts";

/** One fault: what goes wrong, where, and what is true afterwards. */
export interface FaultKind {
  /** One line for people. */
  readonly what: string;
  /** The calls it strikes unless the order names others. */
  readonly calls: readonly CallName[] | "any";
  /** Whether the call takes effect all the same; an order may say otherwise. */
  readonly done: boolean;
  /** The fault's own length of time, where it has one; an order may say otherwise. */
  readonly ms?: number;
  /** What changes in the cloud once the call took its effect. */
  readonly after?: (scene: FaultScene) => void;
  /** What is answered in place of the truth. */
  readonly reply?: (scene: FaultScene) => Reply;
  /** Waits before anything happens. */
  readonly wait?: boolean;
}

/** What a fault sees when it strikes. */
export interface FaultScene {
  readonly world: World;
  readonly request: CallRequest;
  /** The fault's own length of time. */
  readonly ms: number;
  /** The truthful answer; absent when the call took no effect. */
  readonly truth: Reply | undefined;
}

/** What the truthful answer carries as `data`. */
export function payloadOf(scene: FaultScene): unknown {
  const { truth } = scene;
  const body = truth?.kind === "json" ? truth.body : undefined;
  return typeof body === "object" && body !== null && "data" in body ? body.data : undefined;
}

/** The identifier that the truthful answer carries. */
function idOf(scene: FaultScene): string | undefined {
  const payload = payloadOf(scene);
  const id = typeof payload === "object" && payload !== null && "id" in payload ? payload.id : undefined;
  return typeof id === "string" ? id : undefined;
}

/** The instance that was just launched, or that the request is about. */
export function instanceOf(scene: FaultScene): InstanceRecord | undefined {
  const id = idOf(scene) ?? scene.request.id;
  return scene.world.state.instances.find((instance) => instance.id === id);
}

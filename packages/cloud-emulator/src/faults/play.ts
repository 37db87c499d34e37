import type { Reply } from "../http/reply.ts";
import type { FaultKind, FaultRequest, FaultScene, FaultWorld } from "./kind.ts";
import type { DueFault } from "./plan.ts";

/** Applies a fault: waits, executes the call or not, changes the cloud's state, and replies. */
export async function playFault<World extends FaultWorld, Request extends FaultRequest>(
  fault: DueFault<string, FaultKind<string, World, Request>>,
  call: {
    readonly world: World;
    readonly request: Request;
    readonly execute: () => Reply;
    /** The reply when neither the fault nor the call provides one. */
    readonly empty: Reply;
  },
): Promise<Reply> {
  const { kind, ms, done } = fault;
  const { world, request } = call;
  if (kind.waitsFirst) await world.clock.wait(ms);
  const truthfulReply = done ? call.execute() : undefined;
  const scene: FaultScene<World, Request> = { world, request, ms, truthfulReply };
  kind.after?.(scene);
  const reply = kind.reply?.(scene) ?? truthfulReply ?? call.empty;
  world.saveChanges();
  return reply;
}

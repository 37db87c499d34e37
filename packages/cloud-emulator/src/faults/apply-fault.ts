import type { Reply } from "../http/reply.ts";
import type { FaultCloud, FaultKind, FaultRequest, FaultScene } from "./kind.ts";
import type { DueFault } from "./plan.ts";

/** Applies a fault: waits, executes the call or not, changes the cloud's state, and replies. */
export async function applyFault<Cloud extends FaultCloud, Request extends FaultRequest>(
  fault: DueFault<string, FaultKind<string, Cloud, Request>>,
  call: {
    readonly cloud: Cloud;
    readonly request: Request;
    readonly execute: () => Reply;
    /** The reply when neither the fault nor the call provides one. */
    readonly empty: Reply;
  },
): Promise<Reply> {
  const { kind, ms, done } = fault;
  const { cloud, request } = call;
  if (kind.waitsFirst) await cloud.clock.wait(ms);
  const truthfulReply = done ? call.execute() : undefined;
  const scene: FaultScene<Cloud, Request> = { cloud, request, ms, truthfulReply };
  kind.after?.(scene);
  const reply = kind.reply?.(scene) ?? truthfulReply ?? call.empty;
  cloud.saveChanges();
  return reply;
}

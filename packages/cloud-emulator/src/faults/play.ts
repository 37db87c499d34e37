import type { CallRequest } from "../canopywave/http/call.ts";
import type { World } from "../canopywave/world/world.ts";
import { data, type Reply } from "../http/reply.ts";
import type { FaultScene } from "./kind.ts";
import type { DueFault } from "./plan.ts";

/** Plays one fault: waits, lets the call take effect or not, changes the cloud, and answers. */
export async function playFault(
  fault: DueFault,
  at: { readonly world: World; readonly request: CallRequest; readonly take: () => Reply },
): Promise<Reply> {
  const { kind, ms, done } = fault;
  const { world, request } = at;
  if (kind.wait) await world.clock.wait(ms);
  const truth = done ? at.take() : undefined;
  const scene: FaultScene = { world, request, ms, truth };
  kind.after?.(scene);
  const reply = kind.reply?.(scene) ?? truth ?? data(null);
  world.changed();
  return reply;
}

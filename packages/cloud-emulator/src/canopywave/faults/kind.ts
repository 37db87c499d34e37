import type { CloudFault } from "../../faults/dialect.ts";
import type * as faults from "../../faults/kind.ts";
import type { Reply } from "../../http/reply.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import type { InstanceRecord } from "../cloud/records.ts";
import type { CallName, CallRequest } from "../http/call.ts";

/** A fault of this cloud. */
export type FaultKind = CloudFault<EmulatedCloud, CallName>;

export type FaultScene = faults.FaultScene<EmulatedCloud, CallRequest>;

/** Returns `data` of the truthful answer. */
export function getPayload(scene: FaultScene): unknown {
  return readPayload(scene.truthfulReply);
}

/** Returns `data` of an answer. */
export function readPayload(reply: Reply | undefined): unknown {
  const body = reply?.kind === "json" ? reply.body : undefined;
  return typeof body === "object" && body !== null && "data" in body ? body.data : undefined;
}

/** Finds the instance that was just launched, or that the request names. */
export function findInstance(scene: FaultScene): InstanceRecord | undefined {
  const id = getId(scene) ?? scene.request.id;
  return scene.cloud.state.instances.find((instance) => instance.id === id);
}

/** Returns the identifier in the truthful answer. */
function getId(scene: FaultScene): string | undefined {
  const payload = getPayload(scene);
  const id = typeof payload === "object" && payload !== null && "id" in payload ? payload.id : undefined;
  return typeof id === "string" ? id : undefined;
}

import type { LeaseOperation } from "./operation.ts";

/**
 * How much later than the run's own limit RunPod terminates the pod. Core downloads and releases before the limit; a computer that slept
 * past it still gets a minute, and its clock may be wrong by some.
 */
const ownDeadlineDelayMs = 10 * 60_000;

interface CreatedPod {
  readonly id: string;
  /** US dollars per hour. */
  readonly cost?: number | null | undefined;
}

/**
 * Requests one pod. The documented REST API cannot set a time of termination, bid, or ask for a public address (which not every host
 * of the community cloud has). Only then GraphQL is used, for which a restricted key needs a permission of its own.
 */
export function requestPod(operation: LeaseOperation): Promise<CreatedPod> {
  const { calls, choice, context, publicKey, name } = operation;
  const { cloud, compute, diskGb, image, interruptible, region } = choice;
  const terminateAfter = getTerminateAfter(operation);
  // The name that RunPod's own images read, and the one that its documentation names for a key of one pod only.
  const env = { PUBLIC_KEY: publicKey, SSH_PUBLIC_KEY: publicKey };
  if (!("gpu" in compute) || (terminateAfter === undefined && !interruptible && cloud === "SECURE")) {
    const gpuOrCpu =
      "gpu" in compute
        ? { gpu: { id: compute.gpu, count: compute.count } }
        : { cpu: { id: compute.cpu, vcpuCount: compute.vcpuCount } };
    const body = { name, image, cloud, disk: diskGb, ports: ["22/tcp"], env, ...gpuOrCpu };
    return calls.createPod(
      { ...body, ...(region === undefined ? {} : { dataCenterIds: [region] }) },
      context,
    );
  }
  const input = {
    name,
    imageName: image,
    cloudType: cloud,
    gpuTypeId: compute.gpu,
    gpuCount: compute.count,
    containerDiskInGb: diskGb,
    volumeInGb: 0,
    ports: "22/tcp",
    startSsh: true,
    supportPublicIp: true,
    env: Object.entries(env).map(([key, value]) => ({ key, value })),
    ...(region === undefined ? {} : { dataCenterId: region }),
    ...(terminateAfter === undefined ? {} : { terminateAfter }),
  };
  if (!interruptible) return calls.deployPod("podFindAndDeployOnDemand", input, context);
  return calls.deployPod("podRentInterruptable", { ...input, bidPerGpu: operation.bidPerGpu }, context);
}

/** Returns the time of termination for RunPod, or undefined if there is no limit or RunPod is not to enforce it. */
function getTerminateAfter({ choice, context, now }: LeaseOperation): string | undefined {
  if (!choice.ownDeadline || context.endsBy === undefined) return undefined;
  // A limit that is over already would terminate the pod at once; core ends such a run itself.
  const endsAtMs = Math.max(Date.parse(context.endsBy), now());
  return Number.isNaN(endsAtMs) ? undefined : new Date(endsAtMs + ownDeadlineDelayMs).toISOString();
}

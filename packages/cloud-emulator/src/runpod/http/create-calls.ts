import * as z from "zod";
import type { Reply } from "../../http/reply.ts";
import { createPod, type EmulatedCloud, type WantedPod } from "../cloud/cloud.ts";
import { createFailure, createGraphQlFailure, createRefusal, lowBalance, outOfStock } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { describePod } from "./pod-calls.ts";

/** Strict, as the real API is: an unknown field is a 422. */
const createBody = z.strictObject({
  name: z.string().min(1),
  image: z.string().min(1),
  cloud: z.enum(["SECURE", "COMMUNITY"]).default("SECURE"),
  disk: z.int().min(1).default(20),
  ports: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  dataCenterIds: z.array(z.string()).default([]),
  gpu: z.strictObject({ id: z.string(), count: z.int().min(1).default(1) }).optional(),
  cpu: z.strictObject({ id: z.string(), vcpuCount: z.int().min(2) }).optional(),
});

export function createByRest(cloud: EmulatedCloud, { body }: CallRequest): Reply {
  const { success, data, error } = createBody.safeParse(body);
  if (!success) throw createRefusal(422, `Request validation failed: ${z.prettifyError(error)}`);
  if ((data.gpu === undefined) === (data.cpu === undefined))
    throw createRefusal(400, "exactly one of gpu or cpu must be set");
  const problem = findProblem(cloud, data.gpu, data.cpu?.id);
  if (problem !== undefined) return createFailure(problem === lowBalance ? 402 : 400, problem);
  const pod = createPod(cloud, {
    ...data,
    diskGb: data.disk,
    volumeGb: 0,
    gpu: data.gpu,
    cpu: data.cpu,
    interruptible: false,
    terminateAfterMs: null,
    region: data.dataCenterIds[0] ?? "US-KS-2",
    publicKey: data.env.PUBLIC_KEY,
    centsPerHour: calculateCents(cloud, data),
  });
  return { kind: "json", status: 201, body: describePod(cloud, pod) };
}

const deployInput = z.strictObject({
  name: z.string().min(1),
  imageName: z.string().min(1),
  cloudType: z.enum(["SECURE", "COMMUNITY", "ALL"]),
  gpuTypeId: z.string(),
  gpuCount: z.int().min(1),
  containerDiskInGb: z.int().min(1),
  volumeInGb: z.int().min(0),
  ports: z.string(),
  startSsh: z.boolean().optional(),
  supportPublicIp: z.boolean().optional(),
  env: z.array(z.strictObject({ key: z.string(), value: z.string() })).default([]),
  dataCenterId: z.string().optional(),
  terminateAfter: z.iso.datetime().optional(),
  bidPerGpu: z.number().positive().optional(),
});

export function createByGraphQl(cloud: EmulatedCloud, { body }: CallRequest): Reply {
  const interruptible = String(body.query).includes("podRentInterruptable");
  const variables = body.variables as { readonly input?: unknown } | undefined;
  const { success, data, error } = deployInput.safeParse(variables?.input);
  if (!success)
    return createGraphQlFailure(`Variable "$input" got an invalid value: ${z.prettifyError(error)}`);
  const gpu = { id: data.gpuTypeId, count: data.gpuCount };
  const problem = findProblem(cloud, gpu, undefined);
  if (problem !== undefined) return createGraphQlFailure(problem);
  const tier = data.cloudType === "COMMUNITY" ? "COMMUNITY" : "SECURE";
  const cents = interruptible
    ? (data.bidPerGpu ?? 0) * 100 * gpu.count
    : calculateCents(cloud, { gpu, cloud: tier });
  const wanted: WantedPod = {
    name: data.name,
    image: data.imageName,
    cloud: tier,
    gpu,
    cpu: undefined,
    diskGb: data.containerDiskInGb,
    volumeGb: data.volumeInGb,
    interruptible,
    terminateAfterMs: data.terminateAfter === undefined ? null : Date.parse(data.terminateAfter),
    region: data.dataCenterId ?? "US-KS-2",
    publicKey: data.env.find(({ key }) => key === "PUBLIC_KEY")?.value,
    centsPerHour: cents,
  };
  const pod = createPod(cloud, wanted);
  // A host of the community cloud has a public address only on request.
  if (tier === "COMMUNITY" && data.supportPublicIp !== true) pod.mappedAfterMs = null;
  return createGraphQlSuccess({ pod: { id: pod.id, costPerHr: cents / 100 } });
}

export function listBids({ settings }: EmulatedCloud): Reply {
  const gpuTypes = settings.gpus.map(({ id, spotCents }) => ({
    id,
    lowestPrice: { minimumBidPrice: spotCents / 100 },
  }));
  return createGraphQlSuccess({ gpuTypes });
}

export function getMyself({ settings }: EmulatedCloud): Reply {
  return createGraphQlSuccess({ myself: { id: settings.accountId } });
}

function createGraphQlSuccess(data: unknown): Reply {
  return { kind: "json", status: 200, body: { data } };
}

function findProblem(
  { settings }: EmulatedCloud,
  gpu: { readonly id: string; readonly count: number } | undefined,
  cpu: string | undefined,
): string | undefined {
  if (settings.balanceUsd <= 0) return lowBalance;
  if (gpu === undefined)
    return settings.cpus.some(({ id }) => id === cpu) ? undefined : "cpu flavor not found";
  const found = settings.gpus.find(({ id }) => id === gpu.id);
  if (found === undefined) return "gpu type not found";
  return found.stock === "NONE" || gpu.count > found.maxCount ? outOfStock : undefined;
}

function calculateCents(
  { settings }: EmulatedCloud,
  { gpu, cpu, cloud }: Pick<z.output<typeof createBody>, "gpu" | "cpu" | "cloud">,
): number {
  if (gpu === undefined) {
    const perVcpu = settings.cpus.find(({ id }) => id === cpu?.id)?.centsPerVcpu ?? 0;
    return perVcpu * (cpu?.vcpuCount ?? 0);
  }
  const found = settings.gpus.find(({ id }) => id === gpu.id);
  return gpu.count * ((cloud === "COMMUNITY" ? found?.communityCents : found?.secureCents) ?? 0);
}

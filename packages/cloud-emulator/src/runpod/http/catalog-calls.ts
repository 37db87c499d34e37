import type { Reply } from "../../http/reply.ts";
import type { PodGpu } from "../catalog.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import { createSuccess } from "./answers.ts";
import type { CallRequest } from "./call.ts";

export function listGpus({ settings }: EmulatedCloud, { query }: CallRequest): Reply {
  const withAvailability = query.include === "AVAILABILITY";
  return createSuccess({ gpus: settings.gpus.map((gpu) => describeGpu(gpu, withAvailability)) });
}

function describeGpu(gpu: PodGpu, withAvailability: boolean) {
  const community = gpu.communityCents > 0;
  return {
    id: gpu.id,
    name: gpu.name,
    pool: null,
    manufacturer: "NVIDIA",
    memory: gpu.memoryGb,
    secure: true,
    community,
    price: { secure: gpu.secureCents / 100, community: gpu.communityCents / 100 },
    maxCount: { secure: gpu.maxCount, community: community ? gpu.maxCount : 0 },
    ...(withAvailability ? { availability: gpu.stock, ...describePlaces(gpu.stock, gpu.dataCenters) } : {}),
  };
}

export function listCpus({ settings }: EmulatedCloud): Reply {
  return createSuccess({
    cpus: settings.cpus.map((cpu) => ({
      id: cpu.id,
      name: cpu.name,
      group: "Gen 3",
      vcpu: { min: cpu.minVcpus, max: cpu.maxVcpus },
      ramGbPerVcpu: cpu.ramGbPerVcpu,
      price: { securePerVcpu: cpu.centsPerVcpu / 100, serverlessPerVcpu: cpu.centsPerVcpu / 100 },
      availability: "HIGH",
      ...describePlaces("HIGH", ["EU-RO-1", "US-KS-2"]),
    })),
  });
}

/** The documentation omits the list where a machine is available nowhere. */
function describePlaces(stock: string, dataCenters: readonly string[]) {
  if (stock === "NONE") return {};
  return { dataCenters: dataCenters.map((id) => ({ id, name: id, availability: stock })) };
}

import type { Reply } from "../../http/reply.ts";
import type { LambdaInstanceType } from "../catalog.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import { createSuccess } from "./answers.ts";

/** The answer is an object by name, not a list. */
export function listInstanceTypes(cloud: EmulatedCloud): Reply {
  return createSuccess(
    Object.fromEntries(
      cloud.settings.instanceTypes.map((type) => [
        type.name,
        {
          instance_type: formatInstanceType(type),
          regions_with_capacity_available: type.regions.map((name) => formatRegion(cloud, name)),
        },
      ]),
    ),
  );
}

export function listImages(cloud: EmulatedCloud): Reply {
  const { imageFamilies, regions } = cloud.settings;
  return createSuccess(
    imageFamilies.flatMap((family) =>
      regions.map((region) => ({
        id: `${family}-${region.name}`,
        created_time: "2026-01-10T00:00:00.000000+00:00",
        updated_time: "2026-01-10T00:00:00.000000+00:00",
        name: family,
        description: "Ubuntu 22.04 LTS with the Lambda Stack",
        family,
        version: "22.04.01",
        architecture: "x86_64",
        region,
      })),
    ),
  );
}

export function listRegions(cloud: EmulatedCloud): Reply {
  return createSuccess(cloud.settings.regions);
}

export function getGlobalFirewall(): Reply {
  return createSuccess({
    id: "global",
    name: "Default Workspace Global Rules",
    rules: [
      {
        protocol: "tcp",
        port_range: [22, 22],
        source_network: "0.0.0.0/0",
        description: "Allow SSH from anywhere",
      },
      { protocol: "icmp", source_network: "0.0.0.0/0", description: "Allow ping" },
    ],
  });
}

export function formatInstanceType(type: LambdaInstanceType): Record<string, unknown> {
  const { name, description, gpuDescription, priceCentsPerHour, vcpus, memoryGib, storageGib, gpus } = type;
  return {
    name,
    description,
    gpu_description: gpuDescription,
    price_cents_per_hour: priceCentsPerHour,
    specs: { vcpus, memory_gib: memoryGib, storage_gib: storageGib, gpus },
  };
}

export function formatRegion(cloud: EmulatedCloud, name: string): unknown {
  return cloud.settings.regions.find((region) => region.name === name) ?? { name, description: name };
}

/** A GPU type, as `GET /v2/catalog/gpus` describes it. Prices are US cents per GPU and hour. */
export interface PodGpu {
  readonly id: string;
  readonly name: string;
  readonly memoryGb: number;
  readonly secureCents: number;
  /** 0 where the community cloud has none. */
  readonly communityCents: number;
  readonly spotCents: number;
  readonly maxCount: number;
  readonly stock: "NONE" | "LOW" | "MEDIUM" | "HIGH";
  readonly dataCenters: readonly string[];
}

/** A CPU flavor, as `GET /v2/catalog/cpus` describes it. */
export interface PodCpu {
  readonly id: string;
  readonly name: string;
  readonly minVcpus: number;
  readonly maxVcpus: number;
  readonly ramGbPerVcpu: number;
  readonly centsPerVcpu: number;
}

const dataCenters: readonly string[] = ["EU-RO-1", "US-KS-2"];

/** Ids and names as the documentation writes them; the prices are examples. */
export const defaultGpus: readonly PodGpu[] = [
  createGpu("NVIDIA GeForce RTX 4090", "RTX 4090", 24, [69, 34, 29], "HIGH"),
  createGpu("NVIDIA RTX A6000", "RTX A6000", 48, [49, 33, 25], "LOW"),
  createGpu("NVIDIA H100 80GB HBM3", "H100 SXM", 80, [299, 269, 175], "MEDIUM"),
  createGpu("NVIDIA H200", "H200 SXM", 141, [399, 0, 240], "NONE"),
];

export const defaultCpus: readonly PodCpu[] = [
  { id: "cpu3c", name: "Compute-Optimized", minVcpus: 2, maxVcpus: 32, ramGbPerVcpu: 2, centsPerVcpu: 3 },
  { id: "cpu5c", name: "Compute-Optimized", minVcpus: 2, maxVcpus: 32, ramGbPerVcpu: 2, centsPerVcpu: 3.5 },
];

function createGpu(
  id: string,
  name: string,
  memoryGb: number,
  [secureCents, communityCents, spotCents]: readonly [number, number, number],
  stock: PodGpu["stock"],
): PodGpu {
  return { id, name, memoryGb, secureCents, communityCents, spotCents, maxCount: 8, stock, dataCenters };
}

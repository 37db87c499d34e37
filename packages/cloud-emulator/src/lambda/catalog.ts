/** An instance type, as `GET /instance-types` returns it. */
export interface LambdaInstanceType {
  /** Identifier for `launch`: `gpu_8x_h100_sxm5`. */
  readonly name: string;
  /** `8x H100 (80 GB SXM5)`. */
  readonly description: string;
  /** `H100 (80 GB SXM5)`. */
  readonly gpuDescription: string;
  /** Price of the whole instance. */
  readonly priceCentsPerHour: number;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly storageGib: number;
  readonly gpus: number;
  /** Regions that have capacity; none when it is sold out. */
  readonly regions: readonly string[];
}

/** A region and its description. */
export interface LambdaRegion {
  readonly name: string;
  readonly description: string;
}

export const defaultRegions: readonly LambdaRegion[] = [
  { name: "us-west-1", description: "California, USA" },
  { name: "us-east-1", description: "Virginia, USA" },
  { name: "europe-central-1", description: "Germany" },
];

/** Names and specs as the real cloud words them; prices are examples. */
export const defaultInstanceTypes: readonly LambdaInstanceType[] = [
  createType("gpu_1x_h100_sxm5", 1, "H100 (80 GB SXM5)", 429, [26, 225, 2816], ["us-west-1", "us-east-1"]),
  createType("gpu_2x_h100_sxm5", 2, "H100 (80 GB SXM5)", 838, [52, 450, 5632], ["us-east-1"]),
  createType("gpu_8x_h100_sxm5", 8, "H100 (80 GB SXM5)", 3192, [208, 1800, 22528], ["us-east-1"]),
  createType("gpu_1x_h100_pcie", 1, "H100 (80 GB PCIe)", 329, [26, 225, 1024], []),
  createType("gpu_1x_gh200", 1, "GH200 (96 GB)", 229, [64, 432, 4096], ["us-east-1"]),
  createType("gpu_1x_a100_sxm4", 1, "A100 (40 GB SXM4)", 199, [30, 200, 512], ["us-west-1"]),
  createType("gpu_8x_a100_80gb_sxm4", 8, "A100 (80 GB SXM4)", 2232, [240, 1800, 19968], ["us-east-1"]),
  createType("gpu_1x_a10", 1, "A10 (24 GB PCIe)", 129, [30, 200, 1400], ["europe-central-1", "us-west-1"]),
  createType("cpu_4x_general", 0, "N/A", 20, [4, 16, 512], ["us-east-1"]),
];

function createType(
  name: string,
  gpus: number,
  gpuDescription: string,
  priceCentsPerHour: number,
  [vcpus, memoryGib, storageGib]: readonly [number, number, number],
  regions: readonly string[],
): LambdaInstanceType {
  const description = gpus === 0 ? `${vcpus}x CPU` : `${gpus}x ${gpuDescription}`;
  return {
    name,
    description,
    gpuDescription,
    priceCentsPerHour,
    vcpus,
    memoryGib,
    storageGib,
    gpus,
    regions,
  };
}

/** An instance type, as `GET /instance-types` returns it. */
export interface Flavor {
  /** Identifier for `launch`: `H100-4`. */
  readonly flavor: string;
  /** Display name, which `GET /instances` returns too: `4x H100 (80 GB SXM5)`. */
  readonly name: string;
  readonly specs: string;
  /** Price of the whole instance. */
  readonly priceCentsPerHour: number;
  readonly priceHour: string;
  readonly images: readonly string[];
  /** Regions where it is in stock; all when absent. */
  readonly regions?: readonly string[];
  /** Hours that are charged at launch, even if the instance is terminated earlier. */
  readonly upfrontHours?: number;
}

const cpuImages = ["CPU-Ubuntu.22.04", "CPU-Ubuntu.24.04"];
const gpuImages = ["GPU-Ubuntu.24.04", "GPU-Ubuntu.22.04"];

export const defaultImages: readonly string[] = [...cpuImages, ...gpuImages];
export const defaultProjects: readonly string[] = ["andrew@example.com"];
export const defaultRegions: readonly string[] = ["sequoia", "KEF-3"];

/** Names, prices and specs observed on the real cloud. The CPU flavors are ones that this computer can emulate. */
export const defaultFlavors: readonly Flavor[] = [
  createGpuFlavor("H100-1", "1x H100 (80 GB SXM5)", 1, 225, "20 cores, 200.0 GB RAM, 500 GB NVMe"),
  createGpuFlavor("H100-2", "2x H100 (80 GB SXM5)", 2, 225, "40 cores, 400.0 GB RAM, 1 TB NVMe"),
  createGpuFlavor("H100-4", "4x H100 (80 GB SXM5)", 4, 225, "80 cores, 800.0 GB RAM, 2 TB NVMe"),
  {
    ...createGpuFlavor("H100-8", "8x H100 (80 GB SXM5)", 8, 225, "160 cores, 1600.0 GB RAM, 4 TB NVMe"),
    upfrontHours: 24,
  },
  {
    ...createGpuFlavor("A6000-1", "1x RTX A6000 (48 GB)", 1, 55, "16 cores, 64.0 GB RAM, 400 GB NVMe"),
    regions: ["KEF-3"],
  },
  createCpuFlavor("m1.small", "CPU small", 2, 4, 40),
  createCpuFlavor("m1.advanced", "CPU advanced", 16, 64, 400),
];

function createGpuFlavor(flavor: string, name: string, count: number, cents: number, specs: string): Flavor {
  const priceHour = `$${(cents / 100).toFixed(2)} / gpu / hour`;
  return { flavor, name, specs, priceCentsPerHour: count * cents, priceHour, images: gpuImages };
}

function createCpuFlavor(
  flavor: string,
  name: string,
  cores: number,
  memoryGb: number,
  diskGb: number,
): Flavor {
  return {
    flavor,
    name,
    specs: `${cores} cores, ${memoryGb}.0 GB RAM, ${diskGb} GB NVMe`,
    priceCentsPerHour: cores * 3.5,
    priceHour: "$0.035 / cpu / hour",
    images: cpuImages,
  };
}

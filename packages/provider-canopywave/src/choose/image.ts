import { pickName } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import { api } from "../api/api.ts";
import type { Flavor } from "./flavor.ts";

/** Returns the named image if the flavor supports it, else the newest Ubuntu image for the flavor. */
export function chooseImage(
  flavor: Flavor,
  listedImages: readonly string[],
  wanted: string | undefined,
): string {
  const available = flavor.images.length === 0 ? listedImages : flavor.images;
  if (wanted !== undefined) {
    const image = pickName(api.cloud, "image", wanted, [...new Set([...listedImages, ...flavor.images])]);
    if (available.includes(image)) return image;
    throw new UnitrainError(
      "NOT_AVAILABLE",
      `CanopyWave does not start ${flavor.id} with the image ${image}.`,
      {
        hint: `Use one of: ${available.join(", ")}.`,
      },
    );
  }
  const family = flavor.gpus === 0 ? "cpu" : "gpu";
  const [newest] = available
    .map((image) => ({ image, version: ubuntuVersion(image, family) }))
    .filter(({ version }) => version > 0)
    .sort((a, b) => b.version - a.version);
  if (newest !== undefined) return newest.image;
  throw new UnitrainError("NOT_AVAILABLE", `CanopyWave has no known Ubuntu image for ${flavor.id}.`, {
    hint:
      available.length === 0
        ? "Choose another flavor: CanopyWave lists no image for this one."
        : `Set option image to one of: ${available.join(", ")}.`,
  });
}

/** Returns 2404 for `GPU-Ubuntu.24.04`, and 0 for anything else. */
function ubuntuVersion(image: string, family: "cpu" | "gpu"): number {
  const [, processor, year, month] = /^([cg]pu)\W?ubuntu\W?(\d{2})\.(\d{2})\b/i.exec(image) ?? [];
  return processor?.toLowerCase() === family ? Number(year) * 100 + Number(month) : 0;
}

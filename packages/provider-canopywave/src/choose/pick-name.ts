import { UnitrainError } from "@unitrain/core/spec";
import leven from "leven";

/** Returns CanopyWave's spelling of a name. Throws with a suggestion and all names when there is no such name. */
export function pickName(kind: string, wanted: string, available: readonly string[]): string {
  const found =
    available.find((name) => name === wanted) ??
    available.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  throw unknownNameError(kind, wanted, available);
}

export function unknownNameError(kind: string, wanted: string, available: readonly string[]): UnitrainError {
  const closestName = findClosest(wanted, available);
  const suggestion = closestName === undefined ? "" : ` Did you mean ${closestName}?`;
  return new UnitrainError(
    "INVALID_OPTIONS",
    `CanopyWave has no ${kind} ${JSON.stringify(wanted)}.${suggestion}`,
    {
      hint:
        available.length === 0
          ? `Leave the ${kind} out: CanopyWave lists none.`
          : `Use one of: ${available.join(", ")}.`,
    },
  );
}

function findClosest(wanted: string, available: readonly string[]): string | undefined {
  const ranked = available
    .map((name) => ({ name, distance: leven(wanted.toLowerCase(), name.toLowerCase()) }))
    .sort((first, second) => first.distance - second.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(2, wanted.length / 2) ? best.name : undefined;
}

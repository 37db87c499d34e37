import leven from "leven";
import { UnitrainError } from "../../spec/index.ts";

/** Returns the cloud's spelling of a name. Throws with a suggestion and all names when there is no such name. */
export function pickName(cloud: string, kind: string, wanted: string, available: readonly string[]): string {
  const found =
    available.find((name) => name === wanted) ??
    available.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  throw unknownNameError(cloud, kind, wanted, available);
}

/** Creates the error for a name that the cloud does not have, with the closest one that it has. */
export function unknownNameError(
  cloud: string,
  kind: string,
  wanted: string,
  available: readonly string[],
): UnitrainError {
  const closestName = findClosest(wanted, available);
  const suggestion = closestName === undefined ? "" : ` Did you mean ${closestName}?`;
  return new UnitrainError(
    "INVALID_OPTIONS",
    `${cloud} has no ${kind} ${JSON.stringify(wanted)}.${suggestion}`,
    {
      hint:
        available.length === 0
          ? `Leave the ${kind} out: ${cloud} lists none.`
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

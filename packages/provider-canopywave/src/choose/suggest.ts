import { UnitrainError } from "@unitrain/core/spec";
import leven from "leven";

/** What was named, as CanopyWave writes it; else an error with what was probably meant and all there is. */
export function pick(kind: string, wanted: string, available: readonly string[]): string {
  const found =
    available.find((name) => name === wanted) ??
    available.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  throw unknownName(kind, wanted, available);
}

export function unknownName(kind: string, wanted: string, available: readonly string[]): UnitrainError {
  const close = closest(wanted, available);
  const suggestion = close === undefined ? "" : ` Did you mean ${close}?`;
  return new UnitrainError(
    "INVALID_OPTIONS",
    `CanopyWave has no ${kind} ${JSON.stringify(wanted)}.${suggestion}`,
    {
      hint: available.length === 0 ? `It lists no ${kind} at all.` : `It has: ${available.join(", ")}.`,
    },
  );
}

function closest(wanted: string, available: readonly string[]): string | undefined {
  const ranked = available
    .map((name) => ({ name, far: leven(wanted.toLowerCase(), name.toLowerCase()) }))
    .sort((first, second) => first.far - second.far);
  const [best] = ranked;
  return best !== undefined && best.far <= Math.max(2, wanted.length / 2) ? best.name : undefined;
}

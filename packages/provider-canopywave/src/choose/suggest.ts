import { UnitrainError } from "@unitrain/core/spec";
import leven from "leven";

/** What was named, as CanopyWave writes it; else an error with what was probably meant and all there is. */
export function pick(what: string, wanted: string, there: readonly string[]): string {
  const found =
    there.find((one) => one === wanted) ?? there.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  throw unknownName(what, wanted, there);
}

export function unknownName(what: string, wanted: string, there: readonly string[]): UnitrainError {
  const close = closest(wanted, there);
  const meant = close === undefined ? "" : ` Did you mean ${close}?`;
  return new UnitrainError(
    "INVALID_OPTIONS",
    `CanopyWave has no ${what} ${JSON.stringify(wanted)}.${meant}`,
    {
      hint: there.length === 0 ? `It lists no ${what} at all.` : `It has: ${there.join(", ")}.`,
    },
  );
}

function closest(wanted: string, there: readonly string[]): string | undefined {
  const ranked = there
    .map((one) => ({ one, far: leven(wanted.toLowerCase(), one.toLowerCase()) }))
    .sort((first, second) => first.far - second.far);
  const [best] = ranked;
  return best !== undefined && best.far <= Math.max(2, wanted.length / 2) ? best.one : undefined;
}

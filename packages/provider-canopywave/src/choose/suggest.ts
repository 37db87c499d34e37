import { UnitrainError } from "@unitrain/core/spec";

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
    .map((one) => ({ one, far: distance(wanted.toLowerCase(), one.toLowerCase()) }))
    .sort((first, second) => first.far - second.far);
  const [best] = ranked;
  return best !== undefined && best.far <= Math.max(2, wanted.length / 2) ? best.one : undefined;
}

/** Letters to change, add or leave out (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      next.push(
        Math.min(
          (next[column] ?? 0) + 1,
          (row[column + 1] ?? 0) + 1,
          (row[column] ?? 0) + (letter === other ? 0 : 1),
        ),
      );
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

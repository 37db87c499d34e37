import leven from "leven";

/** The known word that was probably meant; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const near = candidates
    .map((name) => ({ name, distance: leven(wanted, name.toLowerCase()) }))
    .filter(
      ({ name, distance }) =>
        distance <= Math.max(1, Math.round(wanted.length * 0.4)) && distance < name.length,
    )
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name;
}

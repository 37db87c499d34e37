import leven from "leven";

/** Returns the candidate that is most similar to a word, or undefined if none is similar enough. */
export function findNearest(word: string, candidates: readonly string[]): string | undefined {
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

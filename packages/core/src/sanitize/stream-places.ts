/** Maps queued bytes to their positions in the original stream, because a mask is longer or shorter than the bytes it replaces. */
export function createPlaces(first: number) {
  let parts = [{ at: 0, position: first }];
  return {
    /** Records that the queued bytes from `at` on begin at `position` in the stream. */
    add(at: number, position: number) {
      const last = parts.at(-1);
      if (last !== undefined && position === last.position + at - last.at) return;
      if (last?.at === at) parts.pop();
      parts.push({ at, position });
    },
    /** Removes the first `count` queued bytes. */
    advance(count: number) {
      const [only] = parts;
      if (parts.length === 1 && only !== undefined) {
        only.position += Math.max(0, count - only.at);
        only.at = Math.max(0, only.at - count);
        return;
      }
      let kept = 0;
      while (kept + 1 < parts.length && (parts[kept + 1]?.at ?? 0) <= count) kept += 1;
      parts = parts.slice(kept).map(({ at, position }) => ({
        at: Math.max(0, at - count),
        position: position + Math.max(0, count - at),
      }));
    },
    /** Returns the position of the first queued byte. */
    first: () => parts[0]?.position ?? first,
  };
}

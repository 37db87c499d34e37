/** The positions in the stream of the bytes that wait in a line: masks are longer or shorter than what they stand for. */
export function createPlaces(first: number) {
  let parts = [{ at: 0, position: first }];
  return {
    /** Bytes from `at` on are at `position` in the stream. */
    add(at: number, position: number) {
      const last = parts.at(-1);
      if (last !== undefined && position === last.position + at - last.at) return;
      if (last?.at === at) parts.pop();
      parts.push({ at, position });
    },
    advance(count: number) {
      let kept = 0;
      while (kept + 1 < parts.length && (parts[kept + 1]?.at ?? 0) <= count) kept += 1;
      parts = parts.slice(kept).map(({ at, position }) => ({
        at: Math.max(0, at - count),
        position: position + Math.max(0, count - at),
      }));
    },
    /** The position of the first byte that waits. */
    first: () => parts[0]?.position ?? first,
  };
}

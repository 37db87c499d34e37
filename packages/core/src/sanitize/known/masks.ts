/** The masked parts of the stream in order. Parts that overlap or touch are merged. */
export function createMasks() {
  let masks: Mask[] = [];
  return {
    isEmpty: () => masks.length === 0,
    add(start: number, end: number) {
      let first = start;
      let isShown = false;
      for (let last = masks.at(-1); last !== undefined && last.end >= first; last = masks.at(-1)) {
        first = Math.min(first, last.start);
        isShown ||= last.isShown;
        masks.pop();
      }
      masks.push({ start: first, end, isShown });
    },
    /** Returns the part that contains `position` or is the next after it. Forgets the parts that end before it, but not one that ends right there, because the next part may touch it. */
    coverOrNext(position: number): Mask | undefined {
      let done = 0;
      while ((masks[done]?.end ?? Number.POSITIVE_INFINITY) < position) done += 1;
      if (done > 0) masks = masks.slice(done);
      const [first, second] = masks;
      return first !== undefined && first.end === position ? second : first;
    },
  };
}

interface Mask {
  readonly start: number;
  end: number;
  isShown: boolean;
}

/** The patterns of adapters' keys. */
export interface PatternList {
  readonly patterns: readonly RegExp[];
  /** Whether a match may be in any line, because a pattern does not begin with literal text. */
  readonly mayAlwaysMatch: boolean;
  /** Returns the first index between `from` and `to` at which a match may begin, or `to` if there is none. */
  find(bytes: Buffer, from: number, to: number): number;
}

/** The length to which a pattern's literal beginning is cut. */
const longestBeginning = 16;

/** Prepares patterns, so that every match is masked whatever their flags are, and lines are decoded only where a pattern's literal beginning was found. */
export function createPatternList(patterns: readonly RegExp[]): PatternList {
  const beginnings = patterns.map(readBeginning);
  const literals = beginnings.filter((beginning) => beginning !== undefined);
  return {
    patterns: patterns.map((pattern) => new RegExp(pattern, `${pattern.flags.replace(/[gy]/g, "")}g`)),
    mayAlwaysMatch: literals.length < beginnings.length,
    find(bytes, from, to) {
      let first = to;
      for (const literal of literals) {
        const at = bytes.subarray(from, first).indexOf(literal);
        if (at !== -1) first = from + at;
      }
      return first;
    },
  };
}

/** Returns the literal text with which every match of a pattern begins, such as `key_` of `/\bkey_\w{6,64}/`, or undefined if there is none. */
function readBeginning({ source, flags }: RegExp): Buffer | undefined {
  if (flags.includes("i") || source.includes("|")) return undefined;
  const text = /^(?:\\b)?([\w-]{3,})(?![?*{+\w-])/.exec(source)?.[1];
  return text === undefined ? undefined : Buffer.from(text.slice(0, longestBeginning));
}

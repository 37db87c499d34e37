/** The patterns of adapters' keys. */
export interface PatternList {
  readonly patterns: readonly RegExp[];
  /** Returns whether the bytes from `from` on may contain a match. This is always true if a pattern does not begin with literal text. */
  mayMatch(bytes: Buffer, from: number, to: number): boolean;
}

/** The length to which a pattern's literal beginning is cut. */
const longestBeginning = 16;

/** Prepares patterns, so that every match is masked whatever their flags are, and lines are decoded only where a pattern's literal beginning was found. */
export function createPatternList(patterns: readonly RegExp[]): PatternList {
  const beginnings = patterns.map(readBeginning);
  const literals = beginnings.filter((beginning) => beginning !== undefined);
  const mayAlwaysMatch = literals.length < beginnings.length;
  return {
    patterns: patterns.map((pattern) => new RegExp(pattern, `${pattern.flags.replace(/[gy]/g, "")}g`)),
    mayMatch(bytes, from, to) {
      if (mayAlwaysMatch || literals.length === 0) return mayAlwaysMatch;
      const searched = bytes.subarray(Math.max(0, from - longestBeginning), to);
      return literals.some((beginning) => searched.includes(beginning));
    },
  };
}

/** Returns the literal text with which every match of a pattern begins, such as `key_` of `/\bkey_\w{6,64}/`, or undefined if there is none. */
function readBeginning({ source, flags }: RegExp): Buffer | undefined {
  if (flags.includes("i") || source.includes("|")) return undefined;
  const text = /^(?:\\b)?([\w-]{3,})(?![?*{+\w-])/.exec(source)?.[1];
  return text === undefined ? undefined : Buffer.from(text.slice(0, longestBeginning));
}

/** What the keys of adapters look like. */
export interface PatternList {
  readonly patterns: readonly RegExp[];
  /** Whether the bytes from `from` on may hold a match: always, where a pattern does not begin with text. */
  mayMatch(bytes: Buffer, from: number, to: number): boolean;
}

/** The longest beginning that is searched for. */
const longestBeginning = 16;

/** Each match of a pattern is masked, however it is flagged. Lines are decoded only where a pattern's beginning was found. */
export function createPatternList(patterns: readonly RegExp[]): PatternList {
  const beginnings = patterns.map(readBeginning);
  const known = beginnings.filter((beginning) => beginning !== undefined);
  const isAlways = known.length < beginnings.length;
  return {
    patterns: patterns.map((pattern) => new RegExp(pattern, `${pattern.flags.replace(/[gy]/g, "")}g`)),
    mayMatch(bytes, from, to) {
      if (isAlways || known.length === 0) return isAlways;
      const searched = bytes.subarray(Math.max(0, from - longestBeginning), to);
      return known.some((beginning) => searched.includes(beginning));
    },
  };
}

/** The text with which each match of a pattern begins: `key_` of `/\bkey_\w{6,64}/`. Undefined where that cannot be told. */
function readBeginning({ source, flags }: RegExp): Buffer | undefined {
  if (flags.includes("i") || source.includes("|")) return undefined;
  const text = /^(?:\\b)?([\w-]{3,})(?![?*{+\w-])/.exec(source)?.[1];
  return text === undefined ? undefined : Buffer.from(text.slice(0, longestBeginning));
}

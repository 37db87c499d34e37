import { UnitrainError } from "@unitrain/core/spec";
import { RE2JS } from "re2js";

/**
 * A regular expression whose search takes a time that only grows with the length of the text, whatever its form. The log of a training
 * is read while the machine costs money, and JavaScript's own expressions can take minutes for a line.
 */
export interface Pattern {
  readonly source: string;
  /** The number of its groups. */
  readonly groups: number;
  readonly names: readonly string[];
  /** Returns the text of each group of the last match in a line, by number and by name; undefined if there is no match. */
  findLast(line: string): ReadonlyMap<string | number, string> | undefined;
}

const longestPattern = 1_000;
/** A line may match a short pattern many times. */
const mostMatches = 1_000;

/** Compiles the expression of an option. Throws `INVALID_OPTIONS` if it is invalid. */
export function compilePattern(option: string, source: string): Pattern {
  if (source.length > longestPattern)
    throw invalid(option, source, `it is longer than ${longestPattern} characters`);
  const compiled = compile(option, source);
  const groups = compiled.groupCount();
  const names = Object.keys(compiled.namedGroups());
  return {
    source,
    groups,
    names,
    findLast(line) {
      const matcher = compiled.matcher(line);
      let found: ReadonlyMap<string | number, string> | undefined;
      for (let count = 0; count < mostMatches && matcher.find(); count++) {
        found = new Map(
          [...Array.from({ length: groups + 1 }, (_, group) => group), ...names].flatMap((group) => {
            const text = matcher.group(group);
            return typeof text === "string" ? [[group, text] as const] : [];
          }),
        );
      }
      return found;
    },
  };
}

function compile(option: string, source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw invalid(option, source, error instanceof Error ? error.message : String(error));
  }
}

function invalid(option: string, source: string, reason: string): UnitrainError {
  const shown = source.length > 80 ? `${source.slice(0, 80)}…` : source;
  return new UnitrainError(
    "INVALID_OPTIONS",
    `${option} is ${JSON.stringify(shown)}, which cannot be used as a regular expression: ${reason}.`,
    {
      hint: "Use a plain expression in quotes, such as 'acc=([0-9.]+)'. Lookarounds and backreferences are not supported, because they can take minutes for a line.",
    },
  );
}

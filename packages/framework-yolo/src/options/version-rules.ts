import table from "./arguments-by-version.json" with { type: "json" };
import { isBefore } from "./version.ts";

/** What one version of Ultralytics takes for one argument. Read out of each version by `scripts/ultralytics-arguments.py`. */
export interface VersionRule {
  readonly type?: "number" | "fraction" | "integer" | "flag" | "text";
  readonly min?: number;
  readonly choices?: readonly string[];
  /** Beside a fraction also a number of images, or a list of such for train and val. */
  readonly counts?: boolean;
  /** Beside a fraction also two numbers, from and to. */
  readonly pairs?: boolean;
  /** Taken and dropped, or translated into its successor, with a line in the log. */
  readonly dropped?: boolean;
}

interface Table {
  readonly versions: readonly string[];
  readonly arguments: Readonly<
    Record<string, readonly { readonly first: string; readonly last: string; readonly rule: VersionRule }[]>
  >;
}

const { versions, arguments: periodsByArgument } = table as Table;

/** A version that was read, and its rule for an argument; no rule when it does not know that argument. */
export interface RuleOfVersion {
  readonly version: string;
  readonly rule: VersionRule | undefined;
}

/**
 * Returns the rules that tell of an argument in a version: of that version itself when it was read, else of the nearest
 * ones before and after it. `latest`, and what came out after the newest that was read, has only one before it.
 */
export function findRules(key: string, version: string): readonly RuleOfVersion[] {
  const exact = versions.find((candidate) => candidate === version);
  if (exact !== undefined) return [{ version: exact, rule: findRule(key, exact) }];
  const before = versions.findLast((candidate) => isBefore(candidate, version) || version === "latest");
  const after = version === "latest" ? undefined : versions.find((candidate) => isBefore(version, candidate));
  return [before, after]
    .filter((candidate) => candidate !== undefined)
    .map((candidate) => ({ version: candidate, rule: findRule(key, candidate) }));
}

/** Whether a version lies in the range that was read, so that its neighbors tell what it takes. */
export const isCovered = (version: string): boolean =>
  version !== "latest" && !isBefore(versions.at(-1) ?? version, version);

function findRule(key: string, version: string): VersionRule | undefined {
  const periods = Object.hasOwn(periodsByArgument, key) ? periodsByArgument[key] : undefined;
  return periods?.find(({ first, last }) => !isBefore(version, first) && !isBefore(last, version))?.rule;
}

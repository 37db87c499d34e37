import table from "./arguments-by-version.json" with { type: "json" };
import { isBefore } from "./version.ts";

/**
 * What one version of Ultralytics accepts for an argument. Extracted from each version by
 * `scripts/ultralytics-arguments.py`.
 */
export interface VersionRule {
  readonly type?: "number" | "fraction" | "integer" | "flag" | "text";
  readonly min?: number;
  readonly choices?: readonly string[];
  /** Besides a fraction, accepts a number of images, or a list of them for train and val. */
  readonly counts?: boolean;
  /** Besides a fraction, accepts a pair of numbers (minimum, maximum). */
  readonly pairs?: boolean;
  /** Accepted and ignored, or translated to its successor, with a line in the log. */
  readonly dropped?: boolean;
}

interface Table {
  readonly versions: readonly string[];
  readonly arguments: Readonly<
    Record<string, readonly { readonly first: string; readonly last: string; readonly rule: VersionRule }[]>
  >;
}

const { versions, arguments: periodsByArgument } = table as Table;

/** A version, and its rule for an argument; the rule is undefined when that version does not know the argument. */
export interface RuleOfVersion {
  readonly version: string;
  readonly rule: VersionRule | undefined;
}

/**
 * Returns the rules that apply to an argument in a version: the version's own if it was extracted, otherwise those of
 * the nearest versions before and after it. For `latest` and newer versions there is only one before.
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

/** Returns whether rules were extracted up to this version, so that its neighbors tell what it accepts. */
export const isCovered = (version: string): boolean =>
  version !== "latest" && !isBefore(versions.at(-1) ?? version, version);

function findRule(key: string, version: string): VersionRule | undefined {
  const periods = Object.hasOwn(periodsByArgument, key) ? periodsByArgument[key] : undefined;
  return periods?.find(({ first, last }) => !isBefore(version, first) && !isBefore(last, version))?.rule;
}

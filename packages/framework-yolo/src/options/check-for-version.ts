import { UnitrainError } from "@unitrain/core/spec";
import { type ArgumentValue, formatArgument } from "./scalar.ts";
import { findRules, isCovered, type RuleOfVersion, type VersionRule } from "./version-rules.ts";

/** Arguments in the spelling of a version of Ultralytics, and warnings about them. */
export interface VersionChecked {
  readonly arguments: Readonly<Record<string, ArgumentValue>>;
  readonly warnings: readonly string[];
}

/**
 * Checks each argument against the rules of the version that trains: names, types, ranges and choices. Throws
 * `INVALID_OPTIONS` for what that version certainly rejects, because on a rented machine the rejection would cost
 * money. Where the rules of that version are unknown, a possible rejection is a warning. Choices are changed to
 * Ultralytics' spelling.
 */
export function checkForVersion(
  trainArguments: Readonly<Record<string, ArgumentValue>>,
  version: string,
): VersionChecked {
  const warnings: string[] = [];
  const checked = Object.entries(trainArguments).map(([key, value]) => {
    const rules = findRules(key, version);
    const faults = rules.flatMap((rule) => findFault(rule, key, value) ?? []);
    const [fault] = faults;
    const isCertain = isCovered(version) && faults.length === rules.length;
    if (fault !== undefined && isCertain && fault.kind === "refused")
      throw createError(key, value, fault, version);
    if (fault !== undefined) warnings.push(formatWarning(key, value, fault, version));
    return [key, normalizeChoice(value, rules)] as const;
  });
  return { arguments: Object.fromEntries(checked), warnings };
}

interface Fault {
  readonly kind: "refused" | "dropped";
  readonly version: string;
  /** The expected value; undefined when the version does not know the argument. */
  readonly wanted: string | undefined;
}

function findFault({ version, rule }: RuleOfVersion, key: string, value: ArgumentValue): Fault | undefined {
  if (rule === undefined) return { kind: "refused", version, wanted: undefined };
  if (rule.dropped) return { kind: "dropped", version, wanted: undefined };
  const wanted = findUnmet(rule, key, value);
  return wanted === undefined ? undefined : { kind: "refused", version, wanted };
}

/** Returns the value that a rule expects; undefined when the value is valid. As in Python, flags count as numbers. */
function findUnmet(rule: VersionRule, key: string, value: ArgumentValue): string | undefined {
  if (value === null) return undefined;
  if (rule.choices !== undefined) return findUnmetChoice(rule.choices, key, value);
  const number = typeof value === "boolean" ? Number(value) : value;
  const isNumber = typeof number === "number";
  switch (rule.type) {
    case "number":
      return isNumber ? undefined : "a number";
    case "fraction":
      return findUnmetFraction(rule, key, value);
    case "integer":
      if (!isNumber || !Number.isInteger(number)) return "a whole number";
      return rule.min !== undefined && number < rule.min
        ? `a whole number of ${rule.min} or more`
        : undefined;
    case "flag":
      return typeof value === "boolean" ? undefined : "True or False";
    case "text":
      return typeof value === "string" ? undefined : "text";
    default:
      return undefined;
  }
}

/** Besides its choices, `amp` takes True and False. Numbers match choices by their digits. */
function findUnmetChoice(choices: readonly string[], key: string, value: ArgumentValue): string | undefined {
  const allowsFlags = key === "amp";
  if (allowsFlags && typeof value === "boolean") return undefined;
  if (findChoice(choices, value) !== undefined) return undefined;
  return `${allowsFlags ? "True, False or " : ""}one of ${choices.join(", ")}`;
}

function findUnmetFraction(rule: VersionRule, key: string, value: ArgumentValue): string | undefined {
  const isShare = key === "fraction";
  const wanted = `a number ${isShare ? "above 0 and up to" : "from 0 to"} 1`;
  if (isShare && rule.counts) {
    if (Array.isArray(value)) return undefined;
    if (typeof value === "number" && value > 1 && Number.isInteger(value)) return undefined;
  }
  if (rule.pairs && Array.isArray(value))
    return value.length === 2 ? undefined : `${wanted}, or two numbers, such as [0.5,2.0]`;
  const number = typeof value === "boolean" && !isShare ? Number(value) : value;
  if (typeof number !== "number" || number < 0 || number > 1) return wanted;
  // `fraction=0` would train on no images.
  return isShare && number === 0 ? wanted : undefined;
}

const findChoice = (choices: readonly string[], value: ArgumentValue): string | undefined =>
  choices.find((choice) => choice.toLowerCase() === String(value).toLowerCase());

/** Some versions accept `sgd` for `SGD` and some do not, so the version's own spelling is used. */
function normalizeChoice(value: ArgumentValue, rules: readonly RuleOfVersion[]): ArgumentValue {
  if (typeof value !== "string") return value;
  const choices = rules.flatMap(({ rule }) => rule?.choices ?? []);
  return findChoice(choices, value) ?? value;
}

function createError(key: string, value: ArgumentValue, { wanted }: Fault, version: string): UnitrainError {
  if (wanted === undefined) {
    return new UnitrainError("INVALID_OPTIONS", `Ultralytics ${version} does not know ${key}.`, {
      hint: `Leave ${key} out, or train with another version: version=….`,
    });
  }
  return new UnitrainError(
    "INVALID_OPTIONS",
    `${key}=${formatArgument(value)} is not valid in Ultralytics ${version}: it must be ${wanted}.`,
    { hint: `Change ${key}, or leave it out.` },
  );
}

function formatWarning(
  key: string,
  value: ArgumentValue,
  { kind, wanted, version: checkedVersion }: Fault,
  version: string,
): string {
  if (kind === "dropped")
    return `${key}=${formatArgument(value)} does nothing in Ultralytics ${version}, which no longer has it.`;
  const difference = wanted === undefined ? `does not know ${key}` : `wants ${wanted}`;
  return `${key}=${formatArgument(value)} may be refused by Ultralytics ${version}: ${checkedVersion} ${difference}.`;
}

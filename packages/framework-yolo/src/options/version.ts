import { UnitrainError } from "@unitrain/core/spec";

/** The Ultralytics that is trained with unless another is named: the newest that all of our tests have passed with. */
export const testedVersion = "8.4.190";

/** The oldest whose arguments, logs and results are known; before it, Ultralytics was laid out in another way. */
export const oldestVersion = "8.0.140";

const versionPattern = /^(?:latest|\d+\.\d+\.\d+[.\w]*)$/;

/** `8.4.190`, or `latest`. Throws `INVALID_OPTIONS`. */
export function checkVersion(value: unknown): string {
  if (typeof value !== "string" || !versionPattern.test(value)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `version is ${JSON.stringify(value)?.slice(0, 80)}, which is not a version of Ultralytics.`,
      {
        hint: `Write it like ${testedVersion}, or latest for the newest; without it ${testedVersion} is taken.`,
      },
    );
  }
  if (!isBefore(value, oldestVersion)) return value;
  throw new UnitrainError("INVALID_OPTIONS", `version is ${value}, which is too old.`, {
    hint: `The oldest Ultralytics that can be trained with is ${oldestVersion}.`,
  });
}

/** Whether a version is older than another; `latest` is older than none. */
export function isBefore(version: string, limit: string): boolean {
  if (version === "latest") return false;
  const [numbers, limitNumbers] = [parseNumbers(version), parseNumbers(limit)];
  const at = limitNumbers.findIndex((number, index) => number !== (numbers[index] ?? 0));
  return at !== -1 && (numbers[at] ?? 0) < (limitNumbers[at] ?? 0);
}

/** Options are checked against hundreds of versions, most of them the same few. */
const cachedNumbers = new Map<string, readonly number[]>();

function parseNumbers(version: string): readonly number[] {
  const kept = cachedNumbers.get(version);
  if (kept !== undefined) return kept;
  const parts = version.split(".").slice(0, 3);
  const numbers = parts.map((part) => Number.parseInt(part, 10) || 0);
  cachedNumbers.set(version, numbers);
  return numbers;
}

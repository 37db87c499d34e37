import { UnitrainError } from "@unitrain/core/spec";

/** The default version of Ultralytics: the newest one that all of unitrain's tests pass with. */
export const testedVersion = "8.4.190";

/** The oldest supported version, because older ones have a different structure. */
export const oldestVersion = "8.0.140";

const versionPattern = /^(?:latest|\d+\.\d+\.\d+[.\w]*)$/;

/**
 * Checks a version such as `8.4.190`, or `latest`. Throws `INVALID_OPTIONS` for other text or an unsupported version.
 */
export function checkVersion(value: unknown): string {
  if (typeof value !== "string" || !versionPattern.test(value)) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `version is ${JSON.stringify(value)?.slice(0, 80)}, which is not a version of Ultralytics.`,
      {
        hint: `Write it like ${testedVersion}, or latest for the newest; the default is ${testedVersion}.`,
      },
    );
  }
  if (!isBefore(value, oldestVersion)) return value;
  throw new UnitrainError("INVALID_OPTIONS", `version is ${value}, which is not supported.`, {
    hint: `Use ${oldestVersion} or newer.`,
  });
}

/** Returns whether a version is older than another; `latest` never is. */
export function isBefore(version: string, limit: string): boolean {
  if (version === "latest") return false;
  const [numbers, limitNumbers] = [parseNumbers(version), parseNumbers(limit)];
  const at = limitNumbers.findIndex((number, index) => number !== (numbers[index] ?? 0));
  return at !== -1 && (numbers[at] ?? 0) < (limitNumbers[at] ?? 0);
}

/** Caches parsed versions, because each check of the options compares hundreds. */
const cachedNumbers = new Map<string, readonly number[]>();

function parseNumbers(version: string): readonly number[] {
  const kept = cachedNumbers.get(version);
  if (kept !== undefined) return kept;
  const parts = version.split(".").slice(0, 3);
  const numbers = parts.map((part) => Number.parseInt(part, 10) || 0);
  cachedNumbers.set(version, numbers);
  return numbers;
}

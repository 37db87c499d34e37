import type { PlanOptions } from "../api/plan-options.ts";
import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import { type Plan, UnitrainError } from "../spec/index.ts";

/** Returns the setup lines of a plan, after checking that none is empty or holds a secret: they are written to disk unmasked. */
export function checkSetup(
  { setup = [] }: PlanOptions,
  sanitizer: Pick<OutputSanitizer, "maskText" | "holdsSecret">,
): Pick<Plan, "setup"> {
  for (const line of setup) {
    if (sanitizer.holdsSecret(line))
      throw createOptionError(
        `A setup line holds a secret, and setup lines are written to disk: ${sanitizer.maskText(line)}`,
        "Put the secret on the machine first, and let the line read it there.",
      );
    if (line.trim() === "") throw createOptionError("A setup line is empty.", "Remove the empty line.");
    if (line.includes("\0"))
      throw createOptionError("A setup line contains a NUL byte.", "Remove the NUL byte.");
  }
  return setup.length === 0 ? {} : { setup };
}

/** Refuses a name of a run that could not be the name of a folder. */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)) return;
  throw createOptionError(
    `${JSON.stringify(name)} is not a valid name of a run.`,
    "Use up to 63 letters, digits, '-' and '_', and begin with a letter or digit.",
  );
}

/** Refuses limits that are not positive numbers. */
export function checkLimits(options: PlanOptions): void {
  for (const name of ["budgetUsd", "maxHours", "keepMinutes", "uplinkMbps"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isFinite(value) && value > 0)) continue;
    throw createOptionError(`${name} must be a number above 0, not ${value}.`);
  }
  const { maxOutputBytes, retries } = options;
  if (retries !== undefined && !(Number.isSafeInteger(retries) && retries >= 0))
    throw createOptionError(`retries must be a whole number, 0 or more, not ${retries}.`);
  if (maxOutputBytes !== undefined && !(Number.isFinite(maxOutputBytes) && maxOutputBytes >= 0))
    throw createOptionError(`maxOutputBytes must be 0 or more, not ${maxOutputBytes}.`);
}

function createOptionError(message: string, hint?: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", message, { hint, phase: "plan" });
}

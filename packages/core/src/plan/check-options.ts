import type { PlanOptions } from "../api.ts";
import { type Plan, UnitrainError } from "../spec/index.ts";

/** Names that a shell can carry, each said once. */
export function checkVariables({ env, secrets = [] }: PlanOptions): Pick<Plan, "env" | "secrets"> {
  const names = [...Object.keys(env ?? {}), ...secrets];
  for (const [index, name] of names.entries()) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw createOptionError(
        `${JSON.stringify(name)} cannot be the name of a variable.`,
        "Use letters, digits and _, beginning with a letter or _.",
      );
    }
    if (names.indexOf(name) < index)
      throw createOptionError(
        `${name} is given twice.`,
        "Give each variable once, either as env or as a secret.",
      );
  }
  for (const [name, value] of Object.entries(env ?? {}))
    if (value.includes("\0")) throw createOptionError(`The value of ${name} holds a NUL byte.`);
  return { ...(env === undefined || Object.keys(env).length === 0 ? {} : { env }), secrets };
}

/** Shell lines, each of which does something. */
export function checkSetup({ setup = [] }: PlanOptions): Pick<Plan, "setup"> {
  for (const line of setup) {
    if (line.trim() === "") throw createOptionError("A setup line is empty.", "Leave it out.");
    if (line.includes("\0")) throw createOptionError("A setup line holds a NUL byte.");
  }
  return setup.length === 0 ? {} : { setup };
}

export function checkName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)) return;
  throw createOptionError(
    `${JSON.stringify(name)} cannot be the name of a run.`,
    "Use up to 63 letters, digits, '-' and '_', beginning with a letter or digit.",
  );
}

export function checkLimits(options: PlanOptions): void {
  for (const name of ["budgetUsd", "maxHours", "uplinkMbps"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isFinite(value) && value > 0)) continue;
    throw createOptionError(`${name} is ${value}, and must be a number above 0.`);
  }
  const { maxOutputBytes } = options;
  if (maxOutputBytes !== undefined && !(Number.isFinite(maxOutputBytes) && maxOutputBytes >= 0))
    throw createOptionError(`maxOutputBytes is ${maxOutputBytes}, and must be 0 or more.`);
}

function createOptionError(message: string, hint?: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", message, { hint, phase: "plan" });
}

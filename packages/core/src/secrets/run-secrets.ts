import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import { UnitrainError } from "../spec/index.ts";

/** The values of secrets, by the names of their variables. */
export type SecretValues = Readonly<Record<string, string>>;

/** The values of a run's secrets that this process has. Values may be added while it drives the run. */
export interface RunSecrets {
  readonly values: SecretValues;
  /** The values of each source, the newest last. They differ if a variable was set to another value meanwhile. */
  readonly sources: readonly SecretValues[];
  /** Adds values, and masks them from now on. Returns a warning for each value that cannot be masked. */
  add(values: SecretValues): readonly string[];
}

/** Creates the secrets of a run from values of several sources. All are masked; of two values for a name, the last is passed to the job. */
export function createRunSecrets(
  sanitizer: Pick<OutputSanitizer, "register">,
  sources: readonly SecretValues[],
): RunSecrets {
  const values: Record<string, string> = {};
  const kept: SecretValues[] = [];
  const add = (given: SecretValues) => {
    // An empty variable is one that is not set. It must not be taken for the value with which the output is masked.
    const added = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
    const warnings = Object.entries(added).map(([name, value]) => sanitizer.register(value, name));
    const isNew = Object.entries(added).some(([name, value]) => values[name] !== value);
    Object.assign(values, added);
    if (isNew) kept.push(added);
    return warnings.filter((warning) => warning !== undefined);
  };
  for (const source of sources) add(source);
  return { values, sources: kept, add };
}

/** Returns the values of these secrets. Throws `SECRET_MISSING` if one has none. */
export function pickSecrets({ values }: RunSecrets, names: readonly string[]): SecretValues {
  const missing = names.filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    throw new UnitrainError("SECRET_MISSING", `The secret ${missing.join(", ")} has no value.`, {
      hint: `Set ${missing.join(", ")} in the environment, or pass the value to start() or attach() as secrets: { NAME: value }.`,
      phase: "start",
    });
  }
  return Object.fromEntries(names.map((name) => [name, values[name] ?? ""]));
}

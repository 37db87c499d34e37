import type { FoundRun } from "../state/run-list.ts";
import { askGuardian } from "./ask-guardian.ts";
import type { SecretValues } from "./run-secrets.ts";

/** The secrets of a run that another process started, as far as this process has their values. */
export interface FoundSecrets {
  /** The names of the secrets that the training has, or will have. */
  readonly names: readonly string[];
  /** Their values from several sources. If sources differ, all values are masked, and the job gets that of the last one. */
  readonly sources: readonly SecretValues[];
}

/** Returns the names of all secrets of a run: those of its plan, and those that the framework or a plugin added when the job was started. */
export function listSecretNames({ reading }: Pick<FoundRun, "reading">): readonly string[] {
  const { plan, starting } = reading.state;
  return [...new Set([...(plan?.secrets ?? []), ...(starting?.secrets ?? [])])];
}

/** Finds the values of a run's secrets: in this process's environment, at the guardian, and in `given`. */
export async function findSecrets(
  home: string,
  found: Pick<FoundRun, "id" | "reading">,
  given: SecretValues = {},
): Promise<FoundSecrets> {
  const names = listSecretNames(found);
  if (names.length === 0) return { names, sources: [given] };
  return { names, sources: [pickFromEnvironment(names), ...(await askGuardian(home, found.id)), given] };
}

/** Returns the names without a value. */
export function listMissing({ names, sources }: FoundSecrets): readonly string[] {
  return names.filter((name) => sources.every((source) => !source[name]));
}

/** Returns the values of these variables that are set in this process's environment. */
export function pickFromEnvironment(names: readonly string[]): SecretValues {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value ? [[name, value]] : [];
    }),
  );
}

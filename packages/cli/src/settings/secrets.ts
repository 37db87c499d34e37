import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { askForSecret } from "../terminal/ask.ts";
import { knownSecrets } from "../terminal/known-secrets.ts";
import { canAsk } from "../terminal/screen/screen.ts";

/** Returns the values of secrets from the environment. Asks a person for a missing one if possible. The command line never contains them. */
export async function collectSecretValues(
  names: readonly string[],
  mayAsk: boolean,
  context: CliContext,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = context.env[name] || (await requestSecret(name, { mayAsk, isNeeded: true }, context));
    values[name] = value ?? "";
  }
  return values;
}

/** Lists the secrets that have no value in the environment. */
export function listMissingSecrets(names: readonly string[], env: CliContext["env"]): readonly string[] {
  return names.filter((name) => !env[name]);
}

/** Throws `SECRET_MISSING` before anything is planned if a value is missing and nobody can be asked for it. */
export function refuseMissingSecrets(names: readonly string[], mayAsk: boolean, context: CliContext): void {
  const [name] = listMissingSecrets(names, context.env);
  if (name !== undefined && !(mayAsk && canAsk(context))) throw createMissingSecretError(name);
}

/** Returns the secrets that are in the environment. A running training may no longer need the missing ones. */
export function readAvailableSecrets(
  names: readonly string[],
  env: CliContext["env"],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      knownSecrets.add(value ?? "");
      return value ? [[name, value]] : [];
    }),
  );
}

/** Asks a person for the value of a secret if possible. Returns undefined if there is no answer, or throws if the value `isNeeded`. */
export async function requestSecret(
  name: string,
  { mayAsk, isNeeded }: { readonly mayAsk: boolean; readonly isNeeded: boolean },
  context: CliContext,
): Promise<string | undefined> {
  const canBeAsked = mayAsk && canAsk(context);
  const reason = isNeeded ? "" : ", to mask it in the output (empty: withhold the output)";
  const answer = canBeAsked
    ? await askForSecret({ message: `Value of the secret ${name}${reason}` })
    : undefined;
  if (answer) return answer;
  if (!isNeeded) return undefined;
  throw canBeAsked && answer === undefined
    ? new UnitrainError("CANCELLED", "Nothing was started.")
    : createMissingSecretError(name);
}

function createMissingSecretError(name: string): UnitrainError {
  return new UnitrainError(
    "SECRET_MISSING",
    `The secret ${name} has no value: it is not in the environment.`,
    {
      hint: `Set it without leaving it in the shell's history: read -rs ${name} && export ${name}`,
      phase: "plan",
    },
  );
}

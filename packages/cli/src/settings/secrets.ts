import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { canAsk } from "../terminal/screen/screen.ts";

/** Values of secrets: of this process's environment, else asked for where a person can answer. Never of the command line. */
export async function secretValues(
  names: readonly string[],
  mayAsk: boolean,
  context: CliContext,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = context.env[name] || (mayAsk && canAsk(context) ? await askFor(name) : undefined);
    if (value === undefined || value === "") throw missing(name);
    values[name] = value;
  }
  return values;
}

/** Names of secrets that have no value in the environment. */
export function missingSecrets(names: readonly string[], env: CliContext["env"]): readonly string[] {
  return names.filter((name) => !env[name]);
}

/** Before anything is planned: throws `SECRET_MISSING` where a value is missing and nobody can be asked for it. */
export function refuseMissingSecrets(names: readonly string[], mayAsk: boolean, context: CliContext): void {
  const [name] = missingSecrets(names, context.env);
  if (name !== undefined && !(mayAsk && canAsk(context))) throw missing(name);
}

/** Those that are in the environment; others may not be needed any more. */
export function availableSecrets(
  names: readonly string[],
  env: CliContext["env"],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name];
      return value ? [[name, value]] : [];
    }),
  );
}

async function askFor(name: string): Promise<string | undefined> {
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await password({ message: `Value of the secret ${name}`, output: process.stderr });
  if (isCancel(answer)) throw new UnitrainError("CANCELLED", "Nothing was started.");
  return answer;
}

function missing(name: string): UnitrainError {
  return new UnitrainError(
    "SECRET_MISSING",
    `The secret ${name} has no value: it is not in the environment.`,
    {
      hint: `Set it, without a trace in the shell's history: read -rs ${name} && export ${name}`,
      phase: "plan",
    },
  );
}

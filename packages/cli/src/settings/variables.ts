import { UnitrainError } from "@unitrain/core/spec";
import { knownSecrets } from "../terminal/known-secrets.ts";
import type { UnitrainConfig } from "./config/config.ts";
import type { Flags } from "./flags.ts";

/** Returns variables with their values, and names of secrets. Those of flags are added to those of the configuration and override them one by one. */
export function collectVariables(
  flags: Flags,
  config: UnitrainConfig,
  env: Readonly<Record<string, string | undefined>>,
): { readonly env: Readonly<Record<string, string>>; readonly secrets: readonly string[] } {
  const secrets = [...new Set([...[config.secrets ?? []].flat(), ...(flags.secret ?? [])])];
  for (const name of secrets) {
    checkSecretName(name);
    knownSecrets.add(env[name] ?? "");
  }
  const variables = { ...config.env };
  for (const written of flags.env ?? []) {
    const equals = written.indexOf("=");
    const name = equals === -1 ? written : written.slice(0, equals);
    variables[name] = equals === -1 ? readLocalValue(name, env) : written.slice(equals + 1);
  }
  for (const name of Object.keys(variables)) checkVariable(name);
  return { env: variables, secrets };
}

const variableName = /^[A-Za-z_]\w*$/;

function checkVariable(name: string): void {
  if (!variableName.test(name)) {
    throw new UnitrainError("INVALID_OPTIONS", `${JSON.stringify(name)} is not the name of a variable.`, {
      hint: "Write --env NAME=value, or --env NAME to take the value from this shell.",
    });
  }
}

/** Throws if a flag contains more than the name of a secret, because its value would be in the shell's history and in the list of processes. */
function checkSecretName(name: string): void {
  if (variableName.test(name)) return;
  const shown = name.split("=")[0] ?? "";
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `--secret takes a name only, but ${shown} is followed by more.`,
    {
      hint: `Put the value into the environment, then write: --secret ${variableName.test(shown) ? shown : "NAME"}`,
    },
  );
}

function readLocalValue(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[name];
  if (value !== undefined) return value;
  throw new UnitrainError("INVALID_OPTIONS", `--env ${name}: this variable is not set in this shell.`, {
    hint: `Write its value: --env ${name}=…`,
  });
}

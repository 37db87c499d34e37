import type { PlanOptions } from "../api.ts";
import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import { type Plan, UnitrainError } from "../spec/index.ts";

/**
 * Returns the variables and secrets of a plan, after checking that their names are valid and unique, and that no variable is a
 * secret by its name or its value: variables are written down.
 */
export function checkVariables(
  { env = {}, secrets = [] }: PlanOptions,
  { holdsSecret }: Pick<OutputSanitizer, "holdsSecret">,
): Pick<Plan, "env" | "secrets"> {
  const names = [...Object.keys(env), ...secrets];
  for (const [index, name] of names.entries()) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw createVariableError(
        `${JSON.stringify(name)} is not a valid name of an environment variable.`,
        "Use letters, digits and _, and begin with a letter or _.",
      );
    }
    if (names.indexOf(name) < index) {
      throw createVariableError(
        `The variable ${name} is set twice.`,
        "Set each variable once, either in env or in secrets.",
      );
    }
  }
  for (const [name, value] of Object.entries(env)) {
    if (value.includes("\0"))
      throw createVariableError(`The value of ${name} contains a NUL byte.`, "Remove the NUL byte.");
    if (isSecretName(name)) throw createSecretError(name, `${name} is the name of a secret`);
    // A plain value passes as it is; of a URL with a password, or of a known service's key, something is masked.
    if (holdsSecret(value)) throw createSecretError(name, `The value of ${name} looks like a secret`);
  }
  return { ...(Object.keys(env).length === 0 ? {} : { env }), secrets };
}

const secretWords =
  /^(?:API_?KEY|(?:API|ACCESS|SECRET|PRIVATE|SIGNING|ENCRYPTION|LICENSE)_?KEY|KEY|TOKEN|SECRET|PASS(?:WORD|WD|PHRASE|CODE)?|PW|PWD|PAT|CREDENTIALS?|WEBHOOK|DSN|AUTH|COOKIE|JWT)$/i;
const secretNames =
  /(?:^|_)(?:DATABASE|DB|REDIS|MONGO(?:DB)?|POSTGRES|MYSQL|AMQP|BROKER)_UR[LI]$|(?:^|_)WEBHOOK_URL$/i;
/** Names that end like those of secrets and are none. */
const harmlessNames = /^(?:PWD|OLDPWD|SSH_AUTH|MAX_TOKEN|SORT_KEY|CACHE_KEY)$/i;

/** By its last word: `GITHUB_PAT`, `DB_PW`, `WANDB_API_KEY`; `TOKENIZERS_PARALLELISM` and `KEY_FRAMES` are none. */
function isSecretName(name: string): boolean {
  if (harmlessNames.test(name)) return false;
  return (
    secretWords.test(name.split("_").at(-1) ?? "") || /(?:^|_)API_?KEY$/i.test(name) || secretNames.test(name)
  );
}

function createSecretError(variable: string, problem: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `${problem}, and variables are written down.`, {
    hint: "Pass it as a secret, whose value is taken from the environment and never written down.",
    action: { type: "pass-as-secret", variable },
    phase: "plan",
  });
}

function createVariableError(message: string, hint: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", message, { hint, phase: "plan" });
}

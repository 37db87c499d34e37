import type { PlanOptions } from "../api/plan-options.ts";
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
    if (isSecretName(name) && !isPlainValue(name, value))
      throw createSecretError(name, `${name} is the name of a secret`);
    // A plain value passes as it is; of a URL with a password, or of a known service's key, something is masked.
    if (holdsSecret(value)) throw createSecretError(name, `The value of ${name} looks like a secret`);
  }
  return { ...(Object.keys(env).length === 0 ? {} : { env }), secrets };
}

/** The last word of the name of a secret. */
const secretWords =
  /^(?:\w*API_?KEY|(?:ACCESS|SECRET|PRIVATE|SIGNING|ENCRYPTION|LICENSE)_?KEY|KEY|TOKEN|(?:HF|GH|GITHUB|GITLAB|API|AUTH|ACCESS|BOT|WANDB)TOKEN|SECRETS?|\w*PASS(?:WORD|WD|PHRASE|CODE)|(?:PG|DB|SSH|MYSQL|FTP|SMTP|USER|ROOT|ADMIN)?PASS|PW|PWD|PAT|CREDENTIALS?|CREDS|\w*WEBHOOK|DSN|AUTH|COOKIE|JWT)$/;
const passwordWords = /(?:PASS(?:WORD|WD|PHRASE|CODE)?|PW|PWD)$/;
/** Words behind the name of a secret that only say which one it is. */
const qualifiers =
  /^(?:\d+|V\d+|PROD|PRODUCTION|DEV|TEST|STAGING|READ|WRITE|RO|RW|OLD|NEW|BACKUP|DEFAULT|MAIN|B64|BASE64|VALUE)$/;
const secretNames =
  /(?:^|_)(?:DATABASE|DB|REDIS|MONGO(?:DB)?|POSTGRES|MYSQL|AMQP|BROKER)_UR[LI]$|(?:^|_)WEBHOOK_URL$/;
/** Names that end like those of secrets and are none. */
const harmlessNames =
  /^(?:PWD|OLDPWD|SSH_AUTH|MAX_TOKEN|(?:SORT|CACHE|PRIMARY|PUBLIC|PARTITION|GROUP|MONITOR)_KEY|(?:FORWARD|BACKWARD|NUM)_PASS)$/;

/** By its last word: `GITHUB_PAT`, `DB_PW`, `wandbApiKey`, `HF_TOKEN_2`; `TOKENIZERS_PARALLELISM` and `KEY_FRAMES` are none. */
function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .split("_")
    .filter((word) => word !== "");
  while (words.length > 1 && qualifiers.test(words.at(-1) ?? "")) words.pop();
  const spelled = words.join("_");
  return (
    !harmlessNames.test(spelled) &&
    (secretWords.test(words.at(-1) ?? "") || /(?:^|_)API_KEY$/.test(spelled) || secretNames.test(spelled))
  );
}

/** Returns whether a value is no secret whatever its name is: empty, a switch, `<pad>`, a small number or a path. Only a password may be a number or look like a path. */
function isPlainValue(name: string, value: string): boolean {
  if (/^(?:|true|false|yes|no|on|off|none|null|<[^<>]{0,24}>|\[[A-Z]{2,10}\])$/i.test(value)) return true;
  if (passwordWords.test(name.toUpperCase())) return false;
  return /^\d{1,4}$/.test(value) || isPath(value);
}

function isPath(value: string): boolean {
  return (
    /^(?:~|\.{1,2})?(?:\/[A-Za-z][\w.-]{0,30}){2,16}$/.test(value) && !/[A-Za-z]\d[A-Za-z]+\d/.test(value)
  );
}

function createSecretError(variable: string, problem: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `${problem}, and variables are written down.`, {
    hint: "Pass it as a secret, whose value is taken from the environment and never written down. This also works for a value that is no secret.",
    action: { type: "pass-as-secret", variable },
    phase: "plan",
  });
}

function createVariableError(message: string, hint: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", message, { hint, phase: "plan" });
}

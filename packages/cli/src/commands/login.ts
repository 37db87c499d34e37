import { type ErrorCode, UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { openKeyStore } from "../machines/keys/key-store.ts";
import { getLoginFile } from "../machines/keys/login-file.ts";
import type { Flags } from "../settings/flags.ts";
import { askForSecret } from "../terminal/ask.ts";
import { canAsk } from "../terminal/screen/screen.ts";
import { writeLines } from "../terminal/write.ts";

/** Stores the key of a provider in the operating system's keychain, or else in a file that only the user can read. With `--remove` it removes the key. */
export async function login(
  provider: string | undefined,
  flags: Flags,
  context: CliContext,
): Promise<ExitCode> {
  if (provider === undefined) {
    throw new UnitrainError("INVALID_OPTIONS", "No provider was named.", {
      hint: "Add its name: unitrain login canopywave",
    });
  }
  const { checkHome, getDefaultHome, makeFolders } = await import("@unitrain/core");
  const home = context.env.UNITRAIN_HOME || getDefaultHome();
  await checkHome(home);
  const keys = openKeyStore(home);
  const print = (message: string) => writeLines(context.stderr, [message]);
  if (flags.remove === true) {
    const all = await keys.list();
    const matching = all.filter((login) => login.provider === provider);
    // `canopywave/sequoia` uses the key of `canopywave`.
    const variables = matching.length > 0 ? [] : await (await context.engine()).keyVariables(provider);
    const kept = [...matching, ...all.filter(({ variable }) => variables.includes(variable))];
    for (const login of kept) await keys.remove(login);
    print(kept.length === 0 ? `No key of ${provider} is kept here.` : `The key of ${provider} is removed.`);
    return exitCodes.done;
  }
  const engine = await context.engine();
  const variables = await engine.keyVariables(provider);
  if (variables.length === 0) {
    throw new UnitrainError("INVALID_OPTIONS", `${provider} needs no key.`, {
      hint: "Only providers that rent out machines need one: unitrain login canopywave",
    });
  }
  const values = await readKeys(variables, provider, context);
  const problem = await verifyKeys(() => engine.checkKeys(provider, values));
  await makeFolders(home, 0o700);
  for (const [variable, key] of Object.entries(values)) {
    const storedIn = await keys.store({ provider, variable, key });
    const place = storedIn === "keychain" ? "the keychain" : `${getLoginFile(home)}, which only you can read`;
    print(`The key of ${provider} ${problem === undefined ? "works and " : ""}is kept in ${place}.`);
    if (context.env[variable]) print(`! ${variable} is set in the environment and is used instead of it.`);
  }
  if (problem !== undefined) print(`! The key could not be checked: ${problem}`);
  return exitCodes.done;
}

/** Reads the keys from the input, one per line, or asks a person for them if the input is a terminal. */
async function readKeys(
  variables: readonly string[],
  provider: string,
  context: CliContext,
): Promise<Readonly<Record<string, string>>> {
  const lines = context.stdin.isTTY === true ? undefined : await readInputLines(context);
  const values: Record<string, string> = {};
  for (const [index, variable] of variables.entries()) {
    const key = (lines === undefined ? await askFor(variable, provider, context) : lines[index])?.trim();
    if (key === undefined || key === "") {
      throw new UnitrainError("SECRET_MISSING", `No key of ${provider} was given (${variable}).`, {
        hint: `Type it when you are asked, or pass it on standard input: unitrain login ${provider} < key.txt`,
      });
    }
    values[variable] = key;
  }
  return values;
}

async function readInputLines({ stdin }: CliContext): Promise<readonly string[]> {
  let text = "";
  for await (const chunk of stdin as AsyncIterable<unknown>) {
    text += String(chunk);
    if (text.length > 64 * 1024) break;
  }
  return text.split("\n");
}

async function askFor(variable: string, provider: string, context: CliContext): Promise<string | undefined> {
  if (!canAsk(context)) return undefined;
  const answer = await askForSecret({ message: `Key of ${provider} (${variable})` });
  if (answer === undefined) throw new UnitrainError("CANCELLED", "Nothing was kept.");
  return answer;
}

/** Errors that do not tell whether the key is valid. */
const inconclusiveErrors: ReadonlySet<ErrorCode> = new Set([
  "NOT_AVAILABLE",
  "NO_NETWORK",
  "PROVIDER_UNAVAILABLE",
  "TIMED_OUT",
]);

/** Checks the keys. Returns why they could not be checked, or undefined if they work. Throws if they are refused, so that they are not stored. */
async function verifyKeys(check: () => Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (UnitrainError.isInstance(error) && inconclusiveErrors.has(error.code)) return error.message;
    throw error;
  }
}

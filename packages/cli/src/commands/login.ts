import { type ErrorCode, UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { loginFile } from "../machines/keys/login-file.ts";
import { storedKeys } from "../machines/keys/stored-keys.ts";
import type { Flags } from "../settings/flags.ts";
import { clean } from "../terminal/render/clean.ts";
import { canAsk } from "../terminal/screen/screen.ts";

/** Keeps the key of a provider in the operating system's keychain, else in a file that only its user can read; or removes it. */
export async function login(
  provider: string | undefined,
  flags: Flags,
  context: CliContext,
): Promise<ExitCode> {
  if (provider === undefined) {
    throw new UnitrainError("INVALID_OPTIONS", "No provider was named.", {
      hint: "Name one: unitrain login canopywave",
    });
  }
  const { checkHome, defaultHome, makeFolders } = await import("@unitrain/core");
  const home = context.env.UNITRAIN_HOME || defaultHome();
  await checkHome(home);
  const keys = storedKeys(home);
  const say = (message: string) => void context.stderr.write(`${message}\n`);
  const name = clean(provider);
  if (flags.remove === true) {
    const all = await keys.list();
    const named = all.filter((login) => login.provider === provider);
    // `canopywave/sequoia` has the key of `canopywave`.
    const variables = named.length > 0 ? [] : await (await context.engine()).keyVariables(provider);
    const kept = [...named, ...all.filter(({ variable }) => variables.includes(variable))];
    for (const login of kept) await keys.remove(login);
    say(kept.length === 0 ? `No key of ${name} is kept here.` : `The key of ${name} is removed.`);
    return exitCodes.done;
  }
  const engine = await context.engine();
  const variables = await engine.keyVariables(provider);
  if (variables.length === 0) {
    throw new UnitrainError("INVALID_OPTIONS", `${name} needs no key.`, {
      hint: "Providers that rent machines out need one: unitrain login canopywave",
    });
  }
  const values = await readKeys(variables, name, context);
  const problem = await whyUnverified(() => engine.checkKeys(provider, values));
  await makeFolders(home, 0o700);
  for (const [variable, key] of Object.entries(values)) {
    const keptIn = await keys.keep({ provider, variable, key });
    const place = keptIn === "keychain" ? "the keychain" : `${loginFile(home)}, which only you can read`;
    say(`The key of ${name} ${problem === undefined ? "works and " : ""}is kept in ${place}.`);
    if (context.env[variable]) say(`! ${variable} is set in the environment, and is used instead of it.`);
  }
  if (problem !== undefined) say(`! Whether it works is not known: ${clean(problem)}`);
  return exitCodes.done;
}

/** From the input where it is no terminal, a line each; else a person types them, unseen. */
async function readKeys(
  variables: readonly string[],
  provider: string,
  context: CliContext,
): Promise<Readonly<Record<string, string>>> {
  const lines = context.stdin.isTTY === true ? undefined : await linesOf(context);
  const values: Record<string, string> = {};
  for (const [index, variable] of variables.entries()) {
    const key = (lines === undefined ? await askFor(variable, provider, context) : lines[index])?.trim();
    if (key === undefined || key === "") {
      throw new UnitrainError("SECRET_MISSING", `No key of ${provider} was given (${variable}).`, {
        hint: `Type it when you are asked, or pass it on the input: unitrain login ${provider} < key.txt`,
      });
    }
    values[variable] = key;
  }
  return values;
}

async function linesOf({ stdin }: CliContext): Promise<readonly string[]> {
  let text = "";
  for await (const chunk of stdin as AsyncIterable<unknown>) {
    text += String(chunk);
    if (text.length > 64 * 1024) break;
  }
  return text.split("\n");
}

async function askFor(variable: string, provider: string, context: CliContext): Promise<string | undefined> {
  if (!canAsk(context)) return undefined;
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await password({ message: `Key of ${provider} (${variable})`, output: process.stderr });
  if (isCancel(answer)) throw new UnitrainError("CANCELLED", "Nothing was kept.");
  return answer;
}

/** Says nothing of the key itself. */
const saysNothing: ReadonlySet<ErrorCode> = new Set([
  "NOT_AVAILABLE",
  "NO_NETWORK",
  "PROVIDER_UNAVAILABLE",
  "TIMED_OUT",
]);

/** Throws what refuses the key: it is not kept then. */
async function whyUnverified(check: () => Promise<void>): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (UnitrainError.isInstance(error) && saysNothing.has(error.code)) return error.message;
    throw error;
  }
}

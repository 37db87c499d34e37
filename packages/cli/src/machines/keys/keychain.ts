import { UnitrainError } from "@unitrain/core/spec";
import { type ProgramResult, runWithInput } from "./run-with-input.ts";

/** The operating system's store of passwords. */
export interface Keychain {
  /** False when none answers: there is no such program, or no session that it belongs to. */
  store(account: string, key: string): Promise<boolean>;
  /** Throws `PROVIDER_ACCESS` when it does not answer; undefined when it does not have it. */
  find(account: string): Promise<string | undefined>;
  /** Throws `PROVIDER_ACCESS` when it does not answer. */
  remove(account: string): Promise<void>;
}

/** The keychain of this system, by its own command; undefined where there is none that takes a key without showing it. */
export function getSystemKeychain(platform: NodeJS.Platform = process.platform): Keychain | undefined {
  if (platform === "darwin") return macKeychain;
  return platform === "win32" ? undefined : secretService;
}

const service = "unitrain";

/** GNOME Keyring, KWallet and others, through `secret-tool` of libsecret. */
const secretService: Keychain = {
  async store(account, key) {
    const words = [
      "secret-tool",
      "store",
      "--label",
      `${service} ${account}`,
      "service",
      service,
      "account",
      account,
    ];
    return (await runWithInput(words, key)).exitCode === 0;
  },
  async find(account) {
    const result = await runWithInput(["secret-tool", "lookup", "service", service, "account", account], "");
    if (result.exitCode === 0) return result.stdout;
    // What it does not have it says by silence.
    if (result.exitCode === 1 && result.stderr.trim() === "") return undefined;
    throw createNoAnswerError("secret-tool", result);
  },
  async remove(account) {
    const result = await runWithInput(["secret-tool", "clear", "service", service, "account", account], "");
    if (result.exitCode !== 0 && result.stderr.trim() !== "")
      throw createNoAnswerError("secret-tool", result);
  },
};

/** By the exit code of `security`: "The specified item could not be found in the keychain." */
const notFound = 44;

const macKeychain: Keychain = {
  async store(account, key) {
    // Its interactive mode reads commands, and so the key, from its input.
    const command = `add-generic-password -U -s ${service} -a ${quoteArgument(account)} -w ${quoteArgument(key)}\n`;
    const added = await runWithInput(["security", "-i"], command);
    // That mode ends with 0 whatever its commands did.
    return added.exitCode === 0 && (await this.find(account).catch(() => undefined)) === key;
  },
  async find(account) {
    const result = await runWithInput(
      ["security", "find-generic-password", "-s", service, "-a", account, "-w"],
      "",
    );
    if (result.exitCode === 0) return result.stdout.replace(/\n$/, "");
    if (result.exitCode === notFound) return undefined;
    throw createNoAnswerError("security", result);
  },
  async remove(account) {
    const result = await runWithInput(
      ["security", "delete-generic-password", "-s", service, "-a", account],
      "",
    );
    if (result.exitCode !== 0 && result.exitCode !== notFound) throw createNoAnswerError("security", result);
  },
};

function quoteArgument(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

function createNoAnswerError(program: string, { stderr }: ProgramResult): UnitrainError {
  const reason = stderr.trim().split("\n").at(-1) || "it did not end in time";
  return new UnitrainError("PROVIDER_ACCESS", `The keychain does not answer: ${program}: ${reason}`, {
    hint: "Unlock it, or set the key's variable in the environment; unitrain login keeps the key anew.",
  });
}

import { UnitrainError } from "@unitrain/core/spec";
import { type ProgramResult, runWithInput } from "./run-with-input.ts";

/** The operating system's password store. */
export interface Keychain {
  /** Returns false if no keychain answers: its program is missing, or there is no desktop session. */
  store(account: string, key: string): Promise<boolean>;
  /** Returns undefined if the keychain does not have the key. Throws `PROVIDER_ACCESS` if the keychain does not answer. */
  find(account: string): Promise<string | undefined>;
  /** Throws `PROVIDER_ACCESS` if the keychain does not answer. */
  remove(account: string): Promise<void>;
}

/** Returns the keychain of this system, which is used through its own command. Undefined on Windows, which has no command that takes a key from standard input. */
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
    // A missing key is an exit code of 1 without a message.
    if (result.exitCode === 1 && result.stderr.trim() === "") return undefined;
    throw createNoAnswerError("secret-tool", result);
  },
  async remove(account) {
    const result = await runWithInput(["secret-tool", "clear", "service", service, "account", account], "");
    if (result.exitCode !== 0 && result.stderr.trim() !== "")
      throw createNoAnswerError("secret-tool", result);
  },
};

/** The exit code of `security` for "The specified item could not be found in the keychain". */
const notFound = 44;

const macKeychain: Keychain = {
  async store(account, key) {
    // The interactive mode reads its commands, and so the key, from standard input.
    const command = `add-generic-password -U -s ${service} -a ${quoteArgument(account)} -w ${quoteArgument(key)}\n`;
    const added = await runWithInput(["security", "-i"], command);
    // The interactive mode exits with 0 even if a command failed.
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
  return new UnitrainError("PROVIDER_ACCESS", `Cannot use the keychain: ${program}: ${reason}`, {
    hint: "Unlock the keychain, set the key's environment variable, or store the key again: unitrain login <provider>.",
  });
}

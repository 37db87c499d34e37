import { existsSync } from "node:fs";
import { access, constants, statfs } from "node:fs/promises";
import { connect } from "node:net";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { formatBytes } from "@unitrain/view";
import type { CliContext } from "../context/cli-context.ts";
import { openKeyStore } from "../machines/keys/key-store.ts";
import { getLoginFile } from "../machines/keys/login-file.ts";
import { listSshAliases } from "../machines/list-ssh-aliases.ts";
import { type Cloud, clouds } from "../modules/clouds.ts";
import { formatHint } from "../terminal/render/hint.ts";
import { type CheckResult, gigabyte } from "./check-result.ts";
import { checkGit } from "./git.ts";

/** Checks whether this computer can start trainings, keep their state and download models. Writes nothing. */
export async function checkThisComputer({
  env,
  folder,
}: Pick<CliContext, "env" | "folder">): Promise<CheckResult[]> {
  const { checkHome, getDefaultHome } = await import("@unitrain/core");
  const home = env.UNITRAIN_HOME || getDefaultHome();
  return [
    { state: "ok", name: "Node", found: process.version.slice(1) },
    await stateFolder(home, checkHome),
    await room("disk here", folder),
    ...(await checkGit(folder)),
    ...(await keys(env)),
    hostKeys(env),
    ...(await Promise.all(clouds.map((cloud) => apiKey(cloud, env, home)))),
  ];
}

async function stateFolder(home: string, check: (home: string) => Promise<void>): Promise<CheckResult> {
  const name = "state folder";
  try {
    await check(home);
  } catch (error) {
    if (!UnitrainError.isInstance(error)) throw error;
    const found = error.message;
    const hint = formatHint(error);
    return { state: "fail", name, found, ...(hint === undefined ? {} : { hint }) };
  }
  const nearest = nearestFolder(home);
  try {
    await access(nearest, constants.W_OK);
    return { state: "ok", name, found: nearest === home ? home : `${home} (the first run creates it)` };
  } catch {
    const hint = "Fix its permissions, or set UNITRAIN_HOME to another folder: no run can start without it.";
    return { state: "fail", name, found: `${nearest} cannot be written`, hint };
  }
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

async function room(name: string, folder: string): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${formatBytes(free)} free`;
  if (free > 2 * gigabyte) return { state: "ok", name, found };
  return {
    state: "warn",
    name,
    found,
    hint: "Free some space, or use --out with another disk: models and logs are downloaded to this one.",
  };
}

async function keys(env: CliContext["env"]): Promise<CheckResult[]> {
  const name = "ssh keys";
  const socket = env.SSH_AUTH_SOCK;
  const agent = socket !== undefined && (await answers(socket));
  const files = keyNames.filter((name) => existsSync(join(env.HOME || homedir(), ".ssh", name)));
  const parts = [...(agent ? ["an agent"] : []), ...files];
  if (parts.length > 0) return [{ state: "ok", name, found: parts.join(", ") }];
  const hint =
    "To use your own machine, run ssh-keygen -t ed25519 and then ssh-copy-id user@host. Rented machines get their own key.";
  return [{ state: "note", name, found: "no agent and no key in ~/.ssh", hint }];
}

const keyNames = ["id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk"];

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const end = (answer: boolean) => {
      connection.destroy();
      resolve(answer);
    };
    connection.setTimeout(1_000, () => end(false));
    connection.on("connect", () => end(true));
    connection.on("error", () => end(false));
  });
}

function hostKeys(env: CliContext["env"]): CheckResult {
  const folder = join(env.HOME || homedir(), ".ssh");
  const aliases = listSshAliases(env);
  const aliasText = aliases.length === 0 ? "" : `; aliases: ${aliases.slice(0, 6).join(", ")}`;
  if (existsSync(join(folder, "known_hosts")))
    return { state: "ok", name: "known hosts", found: `~/.ssh/known_hosts${aliasText}` };
  const hint = "Log in once with ssh and compare the fingerprint: unitrain trusts the keys in known_hosts.";
  return { state: "note", name: "known hosts", found: `no ~/.ssh/known_hosts yet${aliasText}`, hint };
}

/** Checks where the API key for rented machines comes from. The environment takes precedence over a stored key. */
async function apiKey(
  { word, keyVariable: variable }: Cloud,
  env: CliContext["env"],
  home: string,
): Promise<CheckResult> {
  const name = `API key of ${word}`;
  if (env[variable]) return { state: "ok", name, found: `${variable} is set` };
  try {
    const kept = (await openKeyStore(home).list()).find((login) => login.variable === variable);
    if (kept !== undefined) {
      const place = kept.storedIn === "keychain" ? "the keychain" : getLoginFile(home);
      return {
        state: "ok",
        name,
        found: `${variable} is kept in ${place}, by unitrain login ${kept.provider}`,
      };
    }
  } catch (error) {
    if (!UnitrainError.isInstance(error)) throw error;
    const hint = formatHint(error);
    return { state: "warn", name, found: error.message, ...(hint === undefined ? {} : { hint }) };
  }
  return {
    state: "note",
    name,
    found: `${variable} is not set; only --on ${word} needs it`,
    hint: `Set it, or keep it on this computer: unitrain login ${word}`,
  };
}

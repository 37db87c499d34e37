import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { scratchFolders } from "../../../test/scratch.ts";
import { openKeyStore } from "./key-store.ts";
import { getSystemKeychain, type Keychain } from "./keychain.ts";
import { getLoginFile } from "./login-file.ts";

const scratch = scratchFolders();
const login = { provider: "desk", variable: "DESK_KEY", key: "desk-0123456789" };

/** A keychain in memory. */
function memoryKeychain(): Keychain & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    store: async (account, key) => items.set(account, key) === items,
    find: async (account) => items.get(account),
    remove: async (account) => void items.delete(account),
  };
}

async function provided(
  keys: ReturnType<typeof openKeyStore>,
  env: NodeJS.ProcessEnv = {},
  names = ["DESK_KEY"],
) {
  await keys.provide(names, env);
  return env;
}

describe("the key store", () => {
  it("uses the keychain, or else a file that only the user can read", async () => {
    const [home, keychain] = [scratch(), memoryKeychain()];
    expect(await openKeyStore(home, keychain).store(login)).toBe("keychain");
    expect([...keychain.items.values()]).toEqual([login.key]);
    expect(readFileSync(getLoginFile(home), "utf8")).not.toContain(login.key);

    const deaf = { ...keychain, store: async () => false };
    expect(await openKeyStore(home, deaf).store(login)).toBe("file");
    expect(statSync(getLoginFile(home)).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(["logins.json"]);
    expect(await openKeyStore(home, undefined).list()).toEqual([
      { provider: "desk", variable: "DESK_KEY", storedIn: "file" },
    ]);
  });

  it.each(["keychain", "file"])("provides a key from the %s if the environment has none", async (place) => {
    const keys = openKeyStore(scratch(), place === "file" ? undefined : memoryKeychain());
    await keys.store(login);
    expect(await provided(keys)).toEqual({ DESK_KEY: login.key });
    expect(await provided(keys, { DESK_KEY: "mine" })).toEqual({ DESK_KEY: "mine" });
    expect(await provided(keys, { DESK_KEY: "" })).toEqual({ DESK_KEY: login.key });
    expect(await provided(keys, {}, ["OTHER_KEY"])).toEqual({});
    await keys.remove(login);
    expect(await provided(keys)).toEqual({});
    expect(await keys.list()).toEqual([]);
  });

  it("throws for a key that cannot be read instead of treating it as absent", async () => {
    const [home, keychain] = [scratch(), memoryKeychain()];
    const keys = openKeyStore(home, keychain);
    await keys.store(login);
    keychain.items.clear();
    await expect(provided(keys)).rejects.toMatchObject({
      code: "PROVIDER_ACCESS",
      hint: "Log in again: unitrain login desk. Or set the environment variable DESK_KEY.",
    });
    writeFileSync(getLoginFile(home), '{"logins": [{"provi');
    await expect(provided(keys)).rejects.toMatchObject({ code: "STATE_UNREADABLE" });
    // Commands that need no key still work.
    expect(await provided(keys, {}, [])).toEqual({});
    expect(await provided(keys, { DESK_KEY: "mine" })).toEqual({ DESK_KEY: "mine" });
  });
});

const path = process.env.PATH;
afterEach(() => {
  process.env.PATH = path;
});

/** A program with the name and interface of the one on macOS. It stores items in files, and records its arguments. */
const security = `#!/bin/sh
cd "$(dirname "$0")/items"; printf '%s\\n' "$*" >>../arguments
case "$1" in
  -i) eval "set -- $(cat)"; shift; while [ $# -gt 0 ]; do case "$1" in -a) a=$2;; -w) w=$2;; esac; shift; done
      printf '%s\\n' "$w" >"$(printf %s "$a" | tr / _)";;
  find-generic-password) cat "$(printf %s "$5" | tr / _)" 2>/dev/null || { echo "could not be found" >&2; exit 44; };;
  delete-generic-password) rm "$(printf %s "$5" | tr / _)" 2>/dev/null || exit 44;;
esac`;

describe("the keychain of macOS", () => {
  it("receives the key on standard input, never as an argument", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "items"));
    writeFileSync(join(folder, "security"), security);
    chmodSync(join(folder, "security"), 0o755);
    process.env.PATH = `${folder}:${path}`;
    const keychain = getSystemKeychain("darwin");
    const [account, key] = ["DESK_KEY /home/me/my state", 'desk-"quoted\\key'];
    expect(await keychain?.find(account)).toBeUndefined();
    expect(await keychain?.store(account, key)).toBe(true);
    expect(await keychain?.find(account)).toBe(key);
    await keychain?.remove(account);
    expect(await keychain?.find(account)).toBeUndefined();
    expect(readFileSync(join(folder, "arguments"), "utf8")).not.toContain("quoted");
  });

  it.each(["darwin", "linux"] as const)(
    "stores nothing on %s if its program is missing",
    async (platform) => {
      process.env.PATH = scratch();
      const keychain = getSystemKeychain(platform);
      expect(await keychain?.store("a", "b")).toBe(false);
      await expect(keychain?.find("a")).rejects.toMatchObject({ code: "PROVIDER_ACCESS" });
      await expect(keychain?.remove("a")).rejects.toMatchObject({ code: "PROVIDER_ACCESS" });
    },
  );
});

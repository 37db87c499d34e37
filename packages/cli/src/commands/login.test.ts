import { UnitrainError } from "@unitrain/core/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../../test/run-cli.ts";
import { scratchFolders } from "../../test/scratch.ts";
import { openKeyStore } from "../machines/keys/key-store.ts";

const scratch = scratchFolders();
const key = "scripted-0123456789";
const path = process.env.PATH;

// Never the keychain of whoever runs the tests.
beforeEach(() => {
  process.env.PATH = scratch();
});
afterEach(() => {
  process.env.PATH = path;
});

async function login(
  line: string,
  input: string,
  more: { env?: Record<string, string>; keyError?: Error } = {},
) {
  const home = scratch();
  const stdin = {
    async *[Symbol.asyncIterator]() {
      yield input;
    },
  };
  const { keyError, env } = more;
  const result = await runCli(`login ${line}`, keyError === undefined ? {} : { keyError }, {
    stdin,
    env: { ...env, UNITRAIN_HOME: home },
  });
  expect(result.out + result.stderr).not.toContain(key);
  return { ...result, home, kept: await openKeyStore(home, undefined).list() };
}

describe("login", () => {
  it("checks the key, stores it, and removes it", async () => {
    const { exitCode, calls, stderr, kept, home } = await login("desk", `${key}\n`);
    expect([exitCode, calls]).toEqual([0, ["check keys of desk SCRIPTED_API_KEY"]]);
    expect(stderr).toBe(
      `The key of desk works and is kept in ${home}/logins.json, which only you can read.\n`,
    );
    expect(kept).toEqual([{ provider: "desk", variable: "SCRIPTED_API_KEY", storedIn: "file" }]);
    const env = { UNITRAIN_HOME: home };
    expect((await runCli("login desk/oak --remove", {}, { env })).stderr).toBe(
      "The key of desk/oak is removed.\n",
    );
    expect((await runCli("login desk --remove", {}, { env })).stderr).toBe("No key of desk is kept here.\n");
    expect(await openKeyStore(home, undefined).list()).toEqual([]);
  });

  it("does not store a key that the provider rejects", async () => {
    const keyError = new UnitrainError("PROVIDER_ACCESS", "The key was refused.");
    const { exitCode, stderr, kept } = await login("desk", key, { keyError });
    expect([exitCode, kept]).toEqual([1, []]);
    expect(stderr).toContain("The key was refused.");
  });

  it("stores a key that cannot be checked now, and reports it", async () => {
    const keyError = new UnitrainError("NO_NETWORK", "There is no network.");
    const { exitCode, stderr, kept } = await login("desk", key, { keyError });
    expect([exitCode, kept.length]).toEqual([0, 1]);
    expect(stderr).toContain("! The key could not be checked: There is no network.");
  });

  it("reports that the environment takes precedence", async () => {
    const { stderr } = await login("desk", key, { env: { SCRIPTED_API_KEY: "other" } });
    expect(stderr).toContain("! SCRIPTED_API_KEY is set in the environment and is used instead of it.");
  });

  it.each([
    ["", key, "No provider was named."],
    ["local", key, "local needs no key."],
    ["desk", "\n", "No key of desk was given (SCRIPTED_API_KEY)."],
  ])("rejects %j with the input %j", async (line, input, message) => {
    const { exitCode, stderr, kept } = await login(line, input);
    expect([exitCode, kept]).toEqual([2, []]);
    expect(stderr).toContain(message);
  });
});

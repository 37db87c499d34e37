import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { main } from "../src/main.ts";
import { createEngine } from "../src/program/engine.ts";
import { createCollectingContext } from "./collected.ts";
import { scratchFolders } from "./scratch.ts";

const scratch = scratchFolders();
/** Looks like nothing that a pattern knows. */
const key = "Zq81-horse-battery-staple";
const fromEnvironment = "desk/9f8e7d6c5b4a";

/** A provider each of whose calls fails with its own API key in the message and in the cause. */
const leakyProvider = `
const key = ${JSON.stringify(key)};
const fail = (context) => {
  context.secret(key);
  context.showStatus("asking with " + key);
  const cause = new Error("GET https://api.desk.example/?key=" + key + " and " + process.env.DESK_API_KEY, { cause: key });
  throw new Error("401 for the key " + key + " or " + process.env.DESK_API_KEY, { cause });
};
const quote = {
  machine: "desk", priceUsdPerHour: 1, upfrontUsd: 0, otherUsdPerHour: 0, billingTickSeconds: 1, gpus: 1, available: "yes",
  interruptible: false, bootSeconds: { likely: 0, high: 0 }, reference: null,
};
const make = (ownership, calls) => () => ({
  specVersion: "v1", name: "desk", connectionKind: "local", ownership,
  recipe: { module: import.meta.url, exportName: "default", options: {}, secrets: ["DESK_API_KEY"] },
  defaultTransport: () => ({ specVersion: "v1", name: "wire", supports: ["local"], connect: async (_machine, context) => fail(context) }),
  quote: async () => quote, listPlannedResources: () => [], lease: async () => {}, release: async () => [],
  getMachineState: async () => ({ state: "running", machine: { connectionKind: "local" } }), offers: async () => [quote], list: async () => [],
  ...calls,
});
`;

const calls: Readonly<Record<string, string>> = {
  offers: "offers: async (context) => fail(context)",
  quote: "quote: async (_request, context) => fail(context)",
  getMachineState: "getMachineState: async (_resources, context) => fail(context)",
  list: "list: async (context) => fail(context)",
  answer:
    "offers: async (context) => { context.secret(key); return [{ ...quote, machine: key + process.env.DESK_API_KEY }]; }",
};

afterEach(() => void delete process.env.DESK_API_KEY);

async function runCli(line: string, ownership: "rented" | "borrowed", fault: string) {
  const folder = scratch();
  const text = `${leakyProvider}export default make("${ownership}", { ${calls[fault] ?? ""} });\n`;
  writeFileSync(join(folder, "leaky.mjs"), text);
  const env = { HOME: folder, UNITRAIN_HOME: join(folder, "state"), UNITRAIN_DEBUG: "1" };
  process.env.DESK_API_KEY = fromEnvironment;
  const cli = createCollectingContext({}, { folder, env, engine: async () => createEngine(env, folder) });
  const exitCode = await main(line.split(" "), cli.context);
  return { exitCode, all: cli.stdout.text() + cli.stderr.text() };
}

describe("the key of a provider whose calls fail with it", () => {
  it.each([
    ["offers --on ./leaky.mjs", "rented", "offers", 1],
    ["doctor --on ./leaky.mjs", "rented", "quote", 1],
    ["doctor --on ./leaky.mjs", "rented", "offers", 1],
    ["doctor --on ./leaky.mjs", "borrowed", "getMachineState", 1],
    ["doctor --on ./leaky.mjs", "borrowed", "connect", 1],
    ["clean --on ./leaky.mjs", "borrowed", "connect", 1],
    ["gc --untracked --dry-run --on ./leaky.mjs", "rented", "list", 1],
  ] as const)("is not in what `%s` shows (%s, %s)", async (line, ownership, fault, code) => {
    for (const words of [line, `${line} --json`]) {
      const { exitCode, all } = await runCli(words, ownership, fault);
      expect(all).toContain("401 for the key [redacted] or [redacted]");
      expect(all).not.toContain(key);
      expect(all).not.toContain(fromEnvironment);
      expect(exitCode).toBe(code);
    }
  });

  it("is not in the error of a provider that cannot be created", async () => {
    const folder = scratch();
    const text = `export default () => { throw new Error("bad password=${key}", { cause: new Error("password=${key}") }); };\n`;
    writeFileSync(join(folder, "leaky.mjs"), text);
    const env = { HOME: folder, UNITRAIN_HOME: join(folder, "state"), UNITRAIN_DEBUG: "1" };
    const cli = createCollectingContext({}, { folder, env, engine: async () => createEngine(env, folder) });
    expect(await main(["offers", "--on", "./leaky.mjs"], cli.context)).toBe(2);
    expect(cli.stderr.text()).toContain("Cannot create the provider: bad password=[redacted]");
    expect(cli.stderr.text()).not.toContain(key);
  });

  it("is not in an answer", async () => {
    for (const line of ["offers --on ./leaky.mjs", "offers --on ./leaky.mjs --json"]) {
      const { exitCode, all } = await runCli(line, "rented", "answer");
      expect(all).toContain("[redacted]");
      expect(all).not.toContain(key);
      expect(all).not.toContain(fromEnvironment);
      expect(exitCode).toBe(0);
    }
  });
});

describe("a secret in the command-line part of a framework", () => {
  const secret = "canary-of-a-framework";
  const framework = `export default () => ({ specVersion: "v1", name: "leaky", diskBytes: 1, artifacts: {},
    describe() {}, check() {}, environment() {}, job() {}, progress() {} });\n`;

  it.each([
    ["a note", `notes: () => ["it uses ${secret}"]`, "! it uses [redacted]"],
    ["an error", `readOptions() { throw new Error("it refuses ${secret}"); }`, "it refuses [redacted]"],
  ])("is masked in %s", async (_where, member, shown) => {
    const folder = scratch();
    writeFileSync(join(folder, "leaky.mjs"), `export const commandLine = { ${member} };\n${framework}`);
    const env = { HOME: folder, UNITRAIN_HOME: join(folder, "state"), UNITRAIN_DEBUG: "1", TOKEN: secret };
    const cli = createCollectingContext({}, { folder, env, engine: async () => createEngine(env, folder) });
    await main(["plan", ".", "--framework", "./leaky.mjs", "--secret", "TOKEN"], cli.context);
    const all = cli.stdout.text() + cli.stderr.text();
    expect(all).toContain(shown);
    expect(all).not.toContain(secret);
  });
});

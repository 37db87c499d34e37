import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** Types whose values only core creates, and without which no adapter can be called. */
const contexts = /\b(?:CallContext|RunContext|LeaseContext)\b/;
/** Members of a context: code that defines them creates one. */
const contextLiteral = /\bsecret\s*:\s*(?:async\s*)?\(|\bleaseId\s*:.*\bfolder\b/s;

/** A call of an adapter's method. */
const adapterCall =
  /\b(?:provider|transport|session|framework)\.(?:offers|quote|list|look|lease|release|connect|access|facts|run|remove|describe|check|environment|job)\(/;

/** Packages that call core. Adapters receive a context from core and may name its type. */
const callers = ["cli", "unitrain"];

test("only core creates contexts, so only core calls adapters", () => {
  const files = callers.flatMap((name) => globSync(`${name}/{src,bin}*/**/*.{ts,js}`, { cwd: packages }));
  expect(files.length).toBeGreaterThan(100);
  const found = files
    .filter((file) => !/test\.ts$/.test(file))
    .filter((file) => callsAdapters(readFileSync(packages + file, "utf8")));
  expect(found, "Call the adapter through core: unitrain.offers(), openMachine().inspect() …").toEqual([]);
});

test.each([
  'import type { CallContext } from "@unitrain/core";',
  "provider.offers({ signal, secret: () => {}, say, wait })",
  "await session.facts(context)",
  'const context: RunContext = { ...base, runId: "x" };',
])("the check finds %s", (code) => {
  expect(callsAdapters(code)).toBe(true);
});

function callsAdapters(code: string): boolean {
  return contexts.test(code) || contextLiteral.test(code) || adapterCall.test(code);
}

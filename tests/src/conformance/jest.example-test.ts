import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const run = promisify(execFile);
const rootDir = fileURLToPath(new URL("../../../packages", import.meta.url));
let folder = "";

// Jest brings 270 packages that nothing else needs, so they are not among the dependencies of this repository.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ut-jest-"));
  await writeFile(join(folder, "package.json"), '{ "private": true }');
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "jest@30.5.2"], {
    cwd: folder,
  });
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the suite of the toy framework from source, as ES modules. */
async function runJest(env: Readonly<Record<string, string>> = {}) {
  const config = {
    rootDir,
    testMatch: ["<rootDir>/conformance/test/jest/*.jest-test.ts"],
    extensionsToTreatAsEsm: [".ts"],
    transform: { "\\.ts$": "<rootDir>/conformance/test/jest/strip-types.mjs" },
    testEnvironmentOptions: { customExportConditions: ["@unitrain/source", "node"] },
    cacheDirectory: join(folder, "cache"),
    watchman: false,
  };
  const program = [join(folder, "node_modules/jest/bin/jest.js"), "--config", JSON.stringify(config)];
  return run(process.execPath, ["--experimental-vm-modules", ...program], {
    env: { ...process.env, ...env },
  }).then(
    ({ stderr }) => ({ exitCode: 0, output: stderr }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ exitCode: code, output: stderr }),
  );
}

it("a suite runs under jest, and passes for an adapter that keeps the rules", async () => {
  const { exitCode, output } = await runJest();
  expect(exitCode, output).toBe(0);
  expect(output).toMatch(/Tests: +\d\d passed/);
});

it("fails under jest for an adapter that does not, with the rule and what to do", async () => {
  const { exitCode, output } = await runJest({ UNITRAIN_TEST_BROKEN: "1" });
  expect(exitCode, output).toBe(1);
  expect(output).toContain(
    "framework/failure-is-explained: explainFailure() did not recognize the recorded failure.",
  );
  expect(output).toMatch(/Tests: +1 failed, \d\d passed/);
});

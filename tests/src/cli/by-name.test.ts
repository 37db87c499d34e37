import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));

test.each([
  ["`npx unitrain` in a clone", [`${root}node_modules/.bin/unitrain`]],
  [
    "the package without a scope",
    ["node", "--conditions=@unitrain/source", `${root}packages/unitrain/bin.js`],
  ],
])("%s runs the command line of the workspace, from source", async (_what, [program = "", ...words]) => {
  const { stdout } = await run(program, [...words, "plan", "--help"], { cwd: `${root}docs` });
  expect(stdout).toContain("Usage: unitrain plan <data>");
});

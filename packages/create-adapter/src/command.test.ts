import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runCommand } from "./command.ts";

const root = mkdtempSync(join(tmpdir(), "ut-create-"));
afterAll(() => rmSync(root, { recursive: true }));

async function run(...argv: readonly string[]) {
  let output = "";
  let errors = "";
  const exitCode = await runCommand(argv, {
    isInteractive: false,
    write: (text) => {
      output += text;
    },
    writeError: (text) => {
      errors += text;
    },
    packageManager: "pnpm",
  });
  return { exitCode, output, errors };
}

it("writes a package from flags, and says how to continue", async () => {
  const folder = join(root, "desk");
  const { exitCode, output } = await run("--kind", "plugin", "--name", "desk", "--folder", folder);
  expect(exitCode).toBe(0);
  expect(output).toContain("unitrain-plugin-desk");
  expect(output).toContain("pnpm install");
  expect(existsSync(join(folder, "package.json"))).toBe(true);
});

it.each([
  [[], "--kind is missing"],
  [["--kind", "provider"], "--name is missing"],
])("without a terminal, %j is refused with the flags that are missing", async (argv, message) => {
  const { exitCode, errors } = await run(...argv);
  expect(exitCode).toBe(2);
  expect(errors).toContain(message);
  expect(errors).toContain("npm create @unitrain/adapter -- --kind provider --name desk");
});

it.each([
  [["--knid", "provider"], "Unknown option '--knid'"],
  [["--kind"], "--kind <value>' argument missing"],
  [["one", "two"], 'Unexpected argument "two"'],
  [["--kind", "cloud", "--name", "desk"], '"cloud" is not a kind of adapter'],
])("%j is refused, and nothing is written", async (argv, message) => {
  const { exitCode, errors } = await run(
    ...argv,
    ...(argv.length > 2 ? ["--folder", join(root, "none")] : []),
  );
  expect(exitCode).toBe(2);
  expect(errors).toContain(message);
  expect(existsSync(join(root, "none"))).toBe(false);
});

it("shows its usage", async () => {
  const { exitCode, output } = await run("--help");
  expect(exitCode).toBe(0);
  expect(output).toContain("provider, framework, transport, plugin");
});

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { adapterKinds, createAdapter } from "./index.ts";

// With this repository's packages from source. The installation from tarballs is a test of its own.
const repository = fileURLToPath(new URL("../../../", import.meta.url));
const compiler = join(repository, "node_modules/@typescript/native/bin/tsc");
const cli = join(repository, "packages/cli/src/bin.ts");
const root = mkdtempSync(join(tmpdir(), "ut-create-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Runs Node in a folder. Node's own test runner reports to the process that started it, unless it is told that there is none. */
function runNode(folder: string, ...argv: readonly string[]) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const words = ["--conditions=@unitrain/source", ...argv];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: folder,
    encoding: "utf8",
    env: { ...env, UNITRAIN_HOME: join(root, "state") },
  });
  return { status, output: `${stdout}${stderr}` };
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "junction");
}

async function generate(kind: (typeof adapterKinds)[number]) {
  const folder = join(root, kind);
  const { packageName } = await createAdapter({ kind, name: "gpu-desk", folder });
  for (const name of ["core", "conformance", "transport-posix"]) {
    link(join(repository, "packages", name), join(folder, "node_modules/@unitrain", name));
  }
  link(join(repository, "node_modules/@types"), join(folder, "node_modules/@types"));
  return { folder, packageName };
}

describe.each(adapterKinds)("a new %s", (kind) => {
  it("type-checks, builds, and passes its own tests", async () => {
    const { folder } = await generate(kind);
    const typeCheck = runNode(folder, compiler, "-p", ".", "--customConditions", "@unitrain/source");
    expect(typeCheck.status, typeCheck.output).toBe(0);
    // Without following imports, because those of a package in source are not below `rootDir`.
    const build = runNode(folder, compiler, "-p", "tsconfig.build.json", "--noResolve", "--noCheck");
    expect(build.status, build.output).toBe(0);
    expect(existsSync(join(folder, "dist/index.js"))).toBe(true);
    expect(existsSync(join(folder, "dist/index.d.ts"))).toBe(true);
    const tests = runNode(folder, "--test", "test/*.test.ts");
    expect(tests.status, tests.output).toBe(0);
    expect(tests.output).toMatch(/^ℹ pass [1-9]/m);
  });
});

it("a project that depends on a new framework plans with it by its word", async () => {
  const project = join(root, "project");
  const { folder, packageName } = {
    folder: join(root, "framework"),
    packageName: "unitrain-framework-gpu-desk",
  };
  link(folder, join(project, "node_modules", packageName));
  mkdirSync(join(project, "texts"));
  writeFileSync(join(project, "texts/a.txt"), "one two\n");
  writeFileSync(join(project, "package.json"), JSON.stringify({ dependencies: { [packageName]: "*" } }));
  const words = ["plan", "./texts", "rounds=2", "--framework", "gpu-desk", "--on", "local"];
  const { status, output } = runNode(project, cli, ...words);
  expect(status, output).toBe(0);
  expect(output).toContain("gpu-desk rounds=2");
});

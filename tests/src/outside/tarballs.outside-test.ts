import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mustRun, run } from "./commands.ts";
import { createOutsideFolder, installNode, type PackageManager } from "./outside-folder.ts";
import { listPublishedPackages, root } from "./published.ts";
import { packAll, type Tarball } from "./tarballs.ts";

const managers: readonly PackageManager[] = ["npm", "pnpm"];
const published = listPublishedPackages();
const entries = published.flatMap((each) => each.entries);
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const oldest = `${manifest.engines.node.replace(">=", "")}.0`;
const newest: string = manifest.optionalDependencies.node;

let top = "";
let tarballs: readonly Tarball[] = [];
const nodes = new Map<string, string>();
const at = (manager: PackageManager) => join(top, manager);

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), "unitrain-outside-"));
  [tarballs] = await Promise.all([
    packAll(join(top, "tarballs")),
    ...[oldest, newest].map(async (version) =>
      nodes.set(version, await installNode(join(top, `node-${version}`), version)),
    ),
  ]);
  for (const manager of managers) {
    const node = nodes.get(manager === "npm" ? oldest : newest) ?? "";
    await createOutsideFolder(at(manager), manager, tarballs, node);
  }
}, 240_000);

afterAll(() => rm(top, { recursive: true, force: true }));

test("the versions of Node are those that the manifests name", async () => {
  for (const [version, node] of nodes) {
    expect(await mustRun([node, "--version"], { cwd: top })).toBe(`v${version}\n`);
  }
  expect(nodes.size).toBe(2);
});

describe.each(managers)("installed by %s", (manager) => {
  const compilers = [
    ["typescript-5.4", "nodenext"],
    ["typescript-5.4", "bundler"],
    ["typescript", "nodenext"],
    ["typescript-7", "nodenext"],
    ["typescript-7", "bundler"],
  ] as const;

  // The types are the same in both folders, so each compiler checks one of them; the newest one checks both.
  test.each(compilers.filter(([compiler]) => manager === "npm" || compiler === "typescript-7"))(
    "the types pass the strictest check of %s with %s",
    async (compiler, resolution) => {
      const lines = entries.map(
        (entry, index) => `export * as entry${index} from ${JSON.stringify(entry)};\n`,
      );
      await writeFile(join(at(manager), "entries.ts"), lines.join(""));
      const config = {
        compilerOptions: {
          target: "es2022",
          lib: ["es2023"],
          module: resolution === "bundler" ? "esnext" : "nodenext",
          moduleResolution: resolution,
          strict: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          allowImportingTsExtensions: true,
          noEmit: true,
          types: ["node"],
        },
        files: ["entries.ts", "framework.ts", "first-provider/provider.ts", "first-provider/subject.ts"],
      };
      const file = join(at(manager), `tsconfig.${compiler}.${resolution}.json`);
      await writeFile(file, JSON.stringify(config));
      const tsc = join(at(manager), "node_modules", compiler, "bin/tsc");
      expect(await mustRun([process.execPath, tsc, "-p", file], { cwd: at(manager) })).toBe("");
    },
  );

  test("the first provider is compiled, and Node runs the result", async () => {
    const config = {
      compilerOptions: {
        target: "es2022",
        module: "nodenext",
        strict: true,
        rewriteRelativeImportExtensions: true,
        declaration: true,
        outDir: "dist",
        rootDir: "first-provider",
        types: ["node"],
      },
      files: ["first-provider/provider.node-test.ts"],
    };
    await writeFile(join(at(manager), "tsconfig.json"), JSON.stringify(config));
    const tsc = join(at(manager), "node_modules/typescript/bin/tsc");
    await mustRun([process.execPath, tsc, "-p", "."], { cwd: at(manager) });
    for (const node of nodes.values()) {
      const output = await mustRun([node, "dist/provider.node-test.js"], { cwd: at(manager), node });
      expect(output).toMatch(/provider\/records-before-requesting.*\n/);
      expect(output).toMatch(/^. fail 0$/m);
    }
  });

  test.each([oldest, newest])(
    "the first provider passes the suite under vitest with Node %s",
    async (version) => {
      const node = nodes.get(version) ?? "";
      const vitest = join(at(manager), "node_modules/vitest/vitest.mjs");
      const output = await mustRun([node, vitest, "run", "--dir", "first-provider", "provider.test"], {
        cwd: at(manager),
        node,
        env: { NO_COLOR: "1" },
      });
      expect(output).toMatch(/Tests +\d\d passed \(\d\d\)/);
    },
  );

  test.each([oldest, newest])(
    "every documented entry can be imported with Node %s, and nothing else",
    async (version) => {
      const node = nodes.get(version) ?? "";
      const { opened, closed } = await importAll(at(manager), node, tarballs);
      expect(opened.sort()).toEqual([...entries].sort());
      expect(closed).toBeGreaterThan(published.length);
    },
  );

  test.each([oldest, newest])("npx unitrain helps, plans and trains with Node %s", async (version) => {
    const node = nodes.get(version) ?? "";
    const env = { UNITRAIN_HOME: join(at(manager), `state-${version}`), HOME: at(manager), CI: "true" };
    const unitrain = (...words: readonly string[]) =>
      run(["npx", "--no-install", "unitrain", ...words], { cwd: at(manager), node, env });
    expect((await unitrain("--help")).output).toContain("unitrain train");
    const words = ["./texts", "rounds=2", "--framework", "./framework.ts"];
    expect((await unitrain("plan", ...words)).output).toContain("count words in 2 rounds");
    const { exitCode, output } = await unitrain("train", ...words);
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/Model +\S+words\.model/);
  });
});

/** Imports every entry, and every built file by its path, as a program in the folder would. Returns what succeeded. */
async function importAll(folder: string, node: string, all: readonly Tarball[]) {
  const program = `
    import { readdir } from "node:fs/promises";
    const opened = [];
    let closed = 0;
    const isOpen = (specifier) => import(specifier).then(() => true, (error) => {
      if (error.code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
      return false;
    });
    for (const { name, entries, programs } of ${JSON.stringify(all)}) {
      for (const entry of entries) if (await isOpen(entry)) opened.push(entry);
      const files = await readdir("node_modules/" + name, { recursive: true });
      for (const file of files.filter((file) => file.endsWith(".js") && !file.includes("node_modules"))) {
        if (await isOpen(name + "/" + file)) opened.push(name + "/" + file);
        else closed += 1;
      }
    }
    console.log(JSON.stringify({ opened, closed }));`;
  await writeFile(join(folder, "import-all.mjs"), program);
  const output = await mustRun([node, "import-all.mjs"], { cwd: folder, node });
  return JSON.parse(output) as { opened: string[]; closed: number };
}

test("no tarball contains a lifecycle script, and each has the documents that npm shows", async () => {
  for (const { name } of tarballs) {
    const folder = join(at("npm"), "node_modules", name);
    const { scripts = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    expect(
      Object.keys(scripts).filter((script) => /^(pre|post)?(install|uninstall|prepare)$/.test(script)),
      name,
    ).toEqual([]);
    for (const file of ["README.md", "LICENSE", "CHANGELOG.md"]) {
      expect((await readFile(join(folder, file), "utf8")).length, `${name}/${file}`).toBeGreaterThan(10);
    }
  }
});

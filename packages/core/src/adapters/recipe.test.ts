import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect, promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import type { Provider } from "../spec/index.ts";
import { importFromFolder } from "./import-from-folder.ts";
import { createFromRecipe } from "./recipe.ts";

async function moduleWith(source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-origin-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "adapter.mjs");
  await writeFile(path, source);
  return pathToFileURL(path).href;
}

const from = { load: importFromFolder, folder: process.cwd() };

const provider = `export const make = (options) => ({ specVersion: "v1", name: "file", connectionKind: "x-f", ownership: "borrowed",
  quote: async () => options, listPlannedResources: () => [], lease: async () => {}, getMachineState: async () => {}, release: async () => [] });`;

test("createFromRecipe imports the module and calls its factory with the options", async () => {
  const module = await moduleWith(provider);
  const descriptor = { name: "file", recipe: { module, exportName: "make", options: { a: 1 }, secrets: [] } };
  const created = await createFromRecipe<Provider>("provider", descriptor, from);
  expect(await created.quote({ diskBytes: 0 }, {} as never)).toEqual({ a: 1 });
});

test("createFromRecipe says why an adapter cannot be created, and what to do", async () => {
  const module = await moduleWith(provider);
  const recipe = { module, exportName: "make", options: null, secrets: [] };
  const attempt = (descriptor: object) =>
    createFromRecipe<Provider>("provider", { name: "p", ...descriptor }, from).catch(
      (error: unknown) => error,
    );
  expect(await attempt({})).toMatchObject({
    code: "INVALID_ADAPTER",
    hint: expect.stringContaining("createUnitrain"),
  });
  expect(await attempt({ recipe: { ...recipe, module: "@nobody/has-this" } })).toMatchObject({
    message: expect.stringContaining("@nobody/has-this is not installed here"),
  });
  expect(await attempt({ recipe: { ...recipe, exportName: "other" } })).toMatchObject({
    message: expect.stringContaining("does not export other()"),
  });
  const old = await moduleWith(provider.replace('"v1"', '"v0"'));
  expect(await attempt({ recipe: { ...recipe, module: old } })).toMatchObject({
    message: expect.stringContaining('specVersion "v0"'),
  });
});

test("a program that runs in a folder without packages loads adapters from its own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-program-"));
  const elsewhere = await mkdtemp(join(tmpdir(), "unitrain-elsewhere-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
  await mkdir(join(folder, "node_modules", "desk"), { recursive: true });
  await writeFile(
    join(folder, "node_modules", "desk", "package.json"),
    '{"type":"module","exports":"./index.js"}',
  );
  await writeFile(join(folder, "node_modules", "desk", "index.js"), 'export const word = "found";');
  const source = new URL("./import-from-folder.ts", import.meta.url);
  await writeFile(
    join(folder, "program.mjs"),
    `import { importFromFolder } from "${source}";
     for (const name of ["desk", "nobody"])
       console.log(await importFromFolder(name, process.cwd()).then(({ word }) => word, ({ code }) => code));`,
  );
  const { NODE_PATH: _, ...env } = process.env;
  const program = join(folder, "program.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: elsewhere, env });
  expect(stdout).toBe("found\nERR_MODULE_NOT_FOUND\n");
});

test("createFromRecipe says which secrets the adapter reads, so that they can be set where the module is loaded", async () => {
  const module = await moduleWith(provider);
  const recipe = { module, exportName: "make", options: {}, secrets: ["DESK_KEY"] };
  const asked: unknown[] = [];
  const load = (name: string, folder: string, secrets?: readonly string[]) => {
    asked.push(secrets);
    return importFromFolder(name, folder);
  };
  await createFromRecipe<Provider>("provider", { name: "file", recipe }, { ...from, load });
  expect(asked).toEqual([["DESK_KEY"]]);
});

test("secrets are masked in what a factory throws", async () => {
  process.env.UNITRAIN_TEST_KEY = "Zq81-horse-battery";
  onTestFinished(() => void delete process.env.UNITRAIN_TEST_KEY);
  const module = await moduleWith(
    `export const make = () => { throw new Error("no " + process.env.UNITRAIN_TEST_KEY); };`,
  );
  const recipe = { module, exportName: "make", options: {}, secrets: ["UNITRAIN_TEST_KEY"] };
  const error = await createFromRecipe<Provider>("provider", { name: "p", recipe }, from).catch(
    (thrown) => thrown,
  );
  expect(error).toMatchObject({
    code: "INVALID_ADAPTER",
    message: "Cannot create the provider: no [redacted]",
  });
  expect(inspect(error)).not.toContain("Zq81-horse-battery");
});

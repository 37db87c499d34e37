import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAdapterFromRecipe, importFromFolder, type Provider } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { scratchFolders } from "../../test/scratch.ts";
import { findVersionFault } from "./check-version.ts";
import { createFromModule } from "./create-from-module.ts";

const scratch = scratchFolders();
const name = "unitrain-provider-desk";
const members = `specVersion: "v1", name: "desk", connectionKind: "ssh", ownership: "borrowed", quote() {}, listPlannedResources() {}, lease() {}, getMachineState() {}, release() {}`;
const working = `export default () => ({ ${members} });`;

/** Installs a package in a new project, as npm does, or with links, as pnpm does. */
function install(code: string, manifest: object = {}, layout: "npm" | "pnpm" = "npm"): string {
  const folder = scratch();
  const modules = join(folder, "node_modules");
  const at =
    layout === "npm" ? join(modules, name) : join(modules, ".pnpm", `${name}@1.2.0`, "node_modules", name);
  mkdirSync(at, { recursive: true });
  if (layout === "pnpm") symlinkSync(at, join(modules, name));
  const exports = { ".": { import: "./index.mjs" } };
  writeFileSync(join(at, "package.json"), JSON.stringify({ name, version: "1.2.0", exports, ...manifest }));
  writeFileSync(join(at, "index.mjs"), code);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ devDependencies: { [name]: "1" } }));
  return folder;
}

const create = (folder: string) =>
  createFromModule("provider", { module: name, folder }, { workingFolder: folder });

describe("an adapter in a package", () => {
  it.each(["npm", "pnpm"] as const)(
    "that can only be imported is found as %s installs it",
    async (layout) => {
      const folder = install(working, {}, layout);
      const { recipe } = await create(folder);
      expect(recipe).toEqual({ module: name, exportName: "default", options: {}, secrets: [] });
    },
  );

  it("gets our copy of what it imports from unitrain, if its own folder has none", async () => {
    const folder = install(
      `import { defineProvider } from "@unitrain/core/spec"; export default () => defineProvider({ ${members} });`,
    );
    expect((await create(folder)).name).toBe("desk");
  });

  it("keeps the methods of a class", async () => {
    const folder = install(
      `class Desk { ${"#secret = 3; specVersion = 'v1'; name = 'desk'; connectionKind = 'ssh'; ownership = 'borrowed'; quote() { return this.#secret; } listPlannedResources() {} lease() {} getMachineState() {} release() {}"} }
      export default () => new Desk();`,
    );
    const provider = await create(folder);
    expect(provider.quote({ diskBytes: 0 }, {} as never)).toBe(3);
  });

  it("that was named in another folder is found again by another process", async () => {
    const folder = install(working);
    const elsewhere = scratch();
    const provider = await createFromModule(
      "provider",
      { module: name, folder },
      { workingFolder: elsewhere },
    );
    const from = { load: importFromFolder, folder: elsewhere };
    const again = await createAdapterFromRecipe<Provider>("provider", provider, from);
    expect(again.name).toBe("desk");
  });

  it.each([
    ["throws when it is loaded", "throw new Error('no licence');", "cannot be loaded: no licence"],
    ["imports what is not installed", "import 'other';", "cannot be loaded: Cannot find package 'other'"],
    ["does not parse", "export default {", "cannot be loaded: "],
    ["throws when it is created", "export default () => { throw new Error('no licence'); };", "no licence"],
    ["exports a number", "export default 5;", "what it exports is not a provider but a number"],
    ["exports nothing", "", "it exports no provider, as its default or as `provider`"],
    ["is created asynchronously", `export default async () => ({ ${members} });`, "must not be async"],
    ["implements another contract", working.replace('"v1"', '"v9"'), 'it has the specVersion "v9"'],
    ["lacks a method", working.replace("release() {}", ""), 'the provider "desk" has no release (function)'],
    [
      "has a method of the wrong type",
      working.replace("release() {}", "release: true"),
      'the provider "desk" has a release of the wrong type: boolean instead of function',
    ],
    [
      "has an optional method of the wrong type",
      working.replace("release() {}", "release() {}, offers: []"),
      "has a offers of the wrong type",
    ],
    [
      "is neither rented nor borrowed",
      working.replace("borrowed", "owned"),
      'is neither "rented" nor "borrowed"',
    ],
  ])("that %s is refused with its name, version and folder", async (_what, code, message) => {
    const folder = install(code);
    const at = `${name} 1.2.0 (${join(folder, "node_modules", name)})`;
    const error = await create(folder).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "INVALID_ADAPTER", message: expect.stringContaining(message) });
    expect(String(error)).toContain(at);
  });

  it("that works with another version of unitrain is refused before its code runs", async () => {
    const peerDependencies = { "@unitrain/core": "^77.0.0" };
    const folder = install("throw new Error('This must not run.');", { peerDependencies });
    await expect(create(folder)).rejects.toThrow(
      expect.objectContaining({
        code: "INVALID_ADAPTER",
        message: expect.stringMatching(
          /1\.2\.0 .* cannot be used: it works with @unitrain\/core \^77\.0\.0, and this is \d/,
        ),
      }),
    );
  });

  it("that is not installed is named with the command that installs it", async () => {
    const folder = install(working);
    rmSync(join(folder, "node_modules"), { recursive: true });
    const failure = (hint: string) => expect.objectContaining({ code: "INVALID_ADAPTER", hint });
    await expect(create(folder)).rejects.toThrow(failure("Install it: npm install"));
    writeFileSync(join(folder, "pnpm-lock.yaml"), "");
    await expect(create(folder)).rejects.toThrow(failure("Install it: pnpm install"));
    writeFileSync(join(folder, "package.json"), "{}");
    await expect(create(folder)).rejects.toThrow(failure(`Install it: pnpm add -D ${name}`));
  });
});

describe("findVersionFault", () => {
  it.each([
    ["^1.2.0", "1.4.0", undefined],
    [">=1 <3", "2.0.0-next.1", undefined],
    ["^1.2.0", "2.0.0", "it works with @unitrain/core ^1.2.0, and this is 2.0.0"],
    ["^0.1.0", "0.2.0", "it works with @unitrain/core ^0.1.0, and this is 0.2.0"],
    ["workspace:^", "2.0.0", undefined],
    ["*", "2.0.0", undefined],
  ])("compares %j with %s", (coreRange, version, fault) => {
    expect(findVersionFault({ coreRange }, version)).toBe(fault);
  });
});

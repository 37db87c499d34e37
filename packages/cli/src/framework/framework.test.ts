import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { scratchFolders } from "../../test/scratch.ts";
import { chooseFramework, createSetupWithoutOptions } from "./chosen-framework.ts";
import { createFramework } from "./create-framework.ts";
import { findFramework } from "./find-framework.ts";
import { resolveFrameworkModule } from "./resolve-framework-module.ts";

const scratch = scratchFolders();

/** What a framework must have to be called at all. */
const framework = `{ specVersion: "v1", name: "words", diskBytes: 1, artifacts: {}, describe() {}, check() {}, environment() {}, job() {}, progress() {} }`;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const installed = {
  "package.json": JSON.stringify({ dependencies: { "unitrain-framework-words": "1", "@me/trainer": "1" } }),
  "node_modules/unitrain-framework-words/package.json": JSON.stringify({
    name: "unitrain-framework-words",
    exports: { ".": "./index.mjs", "./command-line": "./command-line.mjs" },
  }),
  "node_modules/unitrain-framework-words/index.mjs": `throw new Error("The framework must not be loaded for its command line.");`,
  "node_modules/unitrain-framework-words/command-line.mjs": `export const commandLine = { options: [{ name: "rounds" }] };`,
  "node_modules/@me/trainer/package.json": JSON.stringify({ name: "@me/trainer", exports: "./index.mjs" }),
  "node_modules/@me/trainer/index.mjs": `export default () => (${framework});`,
  "node_modules/stray/package.json": JSON.stringify({ name: "stray", exports: "./index.mjs" }),
};

describe("resolveFrameworkModule", () => {
  it.each([
    ["yolo", "@unitrain/framework-yolo"],
    ["@unitrain/framework-yolo", "@unitrain/framework-yolo"],
    ["words", "unitrain-framework-words"],
    ["unitrain-framework-words", "unitrain-framework-words"],
    ["@me/trainer", "@me/trainer"],
    ["npm:stray", "stray"],
  ])("resolves %s to %s", (word, module) => {
    expect(resolveFrameworkModule(word, folderWith(installed))).toBe(module);
  });

  it.each([
    ["yollo", "Did you mean yolo?"],
    ["word", "Did you mean words?"],
    // Installed, and not what the project depends on.
    ["stray", "npm install -D unitrain-framework-stray"],
    ["./nothing.ts", "correct the path"],
    ["npm:../x", "--framework ./file.ts for a file"],
  ])("rejects %s: %s", (word, hint) => {
    expect(() => resolveFrameworkModule(word, folderWith(installed))).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", hint: expect.stringContaining(hint) }),
    );
  });
});

describe("the command line of a framework", () => {
  it("is loaded from a separate entry point, or is empty if there is none", async () => {
    const folder = folderWith(installed);
    expect((await chooseFramework("words", folder)).commandLine).toEqual({ options: [{ name: "rounds" }] });
    expect((await chooseFramework("@me/trainer", folder)).commandLine).toEqual({});
  });

  it("follows the flag, then the configuration, then the default if the configuration is invalid", async () => {
    const config = (name: string) => `export default { framework: ${JSON.stringify(name)} };`;
    const folder = folderWith({
      "deep/unitrain.config.mjs": config("../mine.mjs"),
      "mine.mjs": `export const commandLine = { examples: [["mine", ""]] };`,
      "typed.mjs": `export const commandLine = { examples: [["typed", ""]] };`,
      "broken/unitrain.config.mjs": `const framework = ;`,
    });
    const chosen = async (words: readonly string[], at: string) =>
      (await findFramework(words, join(folder, at))).commandLine.examples?.[0]?.[0];
    expect(await chosen(["plan"], "deep")).toBe("mine");
    expect(await chosen(["plan", "--config", "deep/unitrain.config.mjs"], ".")).toBe("mine");
    expect(await chosen(["plan", "--framework=../typed.mjs"], "deep")).toBe("typed");
    expect(await chosen(["plan", "--no-config"], "deep")).toContain("unitrain train");
    expect(await chosen(["plan"], "broken")).toContain("unitrain train");
  });

  it.each([
    ["throw new Error('no licence');", "cannot be loaded: no licence"],
    ["export const commandLine = 5;", "exports a commandLine that is not an object"],
  ])("is rejected if it is invalid: %s", async (text, message) => {
    const folder = folderWith({ "framework.mjs": text });
    await expect(chooseFramework("./framework.mjs", folder)).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_ADAPTER", message: expect.stringContaining(message) }),
    );
  });
});

describe("a framework", () => {
  const create = async (text: string) => {
    const folder = folderWith({ "framework.mjs": text });
    const chosen = await chooseFramework("./framework.mjs", folder);
    return { folder, framework: await createFramework(createSetupWithoutOptions(chosen, folder), folder) };
  };

  it.each([
    ["default", `export default (userOptions) => ({ ...${framework}, userOptions });`],
    ["framework", `export const framework = (userOptions) => ({ ...${framework}, userOptions });`],
  ])("is created by the export %s, and again from its recipe", async (exportName, text) => {
    const { folder, framework } = await create(text);
    const module = pathToFileURL(join(folder, "framework.mjs")).href;
    expect(framework).toMatchObject({
      name: "words",
      userOptions: {},
      recipe: { module, exportName, options: {}, secrets: [] },
    });
  });

  it.each([
    ["export default 5;", "cannot be used: "],
    ["export const other = 1;", "cannot be used: "],
    ["export default () => ({});", "cannot be used: "],
    ["export default () => { throw new Error('no licence'); };", "no licence"],
  ])("is rejected if the module exports none: %s", async (text, message) => {
    await expect(create(text)).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_ADAPTER", message: expect.stringContaining(message) }),
    );
  });
});

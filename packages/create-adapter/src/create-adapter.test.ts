import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type AdapterKind, adapterKinds, type CreateAdapterOptions, createAdapter } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "ut-create-"));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;
const newFolder = () => join(root, String(++count));
const create = (options: Partial<CreateAdapterOptions>) =>
  createAdapter({ kind: "provider", name: "gpu-desk", folder: newFolder(), ...options });
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: "INVALID_OPTIONS", message: expect.stringMatching(message) });

describe.each(adapterKinds)("a new %s", (kind) => {
  it("is named everywhere, has everything that a release needs, and is found by its name, keywords and peer dependency", async () => {
    const { folder, files, packageName } = await create({ kind });
    expect(packageName).toBe(`unitrain-${kind}-gpu-desk`);
    expect(files).toEqual(
      expect.arrayContaining([
        ".changeset/config.json",
        ".changeset/first-version.md",
        ".github/workflows/ci.yml",
        ".github/workflows/release.yml",
        ".gitignore",
        "LICENSE",
        "README.md",
        "package.json",
        "src/index.ts",
        `test/${kind}.test.ts`,
        "tsconfig.build.json",
        "tsconfig.json",
      ]),
    );
    for (const file of files)
      expect(readFileSync(join(folder, file), "utf8"), file).not.toMatch(/acme.?name/i);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    expect(manifest).toMatchObject({
      name: packageName,
      keywords: ["unitrain", `unitrain-${kind}`],
      peerDependencies: { "@unitrain/core": expect.stringMatching(/^\^\d+\.\d+\.\d+/) },
      publishConfig: { access: "public" },
    });
    expect(JSON.stringify(manifest)).not.toContain("workspace:");
    expect(readFileSync(join(folder, ".changeset/first-version.md"), "utf8")).toContain(
      `"${packageName}": minor`,
    );
  });

  it("says in comments what to fill in, each step once and none missing", async () => {
    const { folder, files } = await create({ kind });
    const code = files
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(folder, file), "utf8"));
    const steps = code.flatMap((text) =>
      [...text.matchAll(/^\s*\/\/ (\d+)\. /gm)].map(([, step]) => Number(step)),
    );
    expect(steps.sort((a, b) => a - b)).toEqual(steps.map((_, at) => at + 1));
    expect(readFileSync(join(folder, "README.md"), "utf8")).toContain(`\`// 1.\` to \`// ${steps.length}.\``);
  });
});

it("names a package with a scope in full", async () => {
  const { folder, packageName } = await create({ name: "@me/gpu-desk" });
  expect(packageName).toBe("@me/unitrain-provider-gpu-desk");
  const readme = readFileSync(join(folder, "README.md"), "utf8");
  expect(readme).toContain("--on npm:@me/unitrain-provider-gpu-desk");
  expect(readFileSync(join(folder, "src/provider.ts"), "utf8")).toContain(`module: "${packageName}"`);
});

it("takes the whole name of the package as well", async () => {
  expect((await create({ name: "unitrain-provider-desk" })).packageName).toBe("unitrain-provider-desk");
});

it.each<[name: string, cause: RegExp, kind?: AdapterKind]>([
  ["", /it is empty/],
  ["unitrain-provider-", /it is empty/],
  ["Desk", /lower-case letter/],
  ["4090", /does not begin with/],
  ["gpu_desk", /other characters/],
  ["gpu--desk", /other characters/],
  ["desk-", /other characters/],
  ["../desk", /does not begin with/],
  ["desk\n", /other characters/],
  ["größe", /other characters/],
  ["@Me/desk", /npm does not allow the scope @Me/],
  ["@/desk", /npm does not allow the scope/],
  ["a".repeat(200), /more than 214 characters/],
  ["canopywave", /unitrain uses this word itself/],
  ["yolo", /unitrain uses this word itself/, "framework"],
  ["delete", /uses the word delete otherwise/],
  ["options", /uses the word options otherwise/],
  ["define-provider", /uses the word defineProvider otherwise/],
])("refuses the name %j", async (name, cause, kind = "provider") => {
  const folder = newFolder();
  await expect(create({ name, kind, folder })).rejects.toEqual(refusal(cause));
  expect(() => readdirSync(folder)).toThrow("ENOENT");
});

it("refuses an unknown kind", async () => {
  await expect(create({ kind: "cloud" as AdapterKind })).rejects.toEqual(refusal(/"cloud" is not a kind/));
});

it("refuses a folder with content, and changes nothing in it", async () => {
  const folder = newFolder();
  mkdirSync(folder);
  writeFileSync(join(folder, "notes.md"), "mine");
  await expect(create({ folder })).rejects.toEqual(refusal(/it contains notes\.md/));
  expect(readdirSync(folder)).toEqual(["notes.md"]);
});

it("refuses a file, and writes into a repository that was just created", async () => {
  const folder = newFolder();
  mkdirSync(join(folder, ".git"), { recursive: true });
  expect((await create({ folder })).files).toContain("package.json");
  await expect(create({ folder: join(folder, "LICENSE") })).rejects.toEqual(refusal(/it is a file/));
});

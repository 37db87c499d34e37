import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { documentationUrl } from "@unitrain/core";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const packages = globSync("packages/*/package.json", { cwd: root })
  .map((path) => ({ folder: dirname(path), manifest: JSON.parse(read(path)) as Record<string, unknown> }))
  .filter(({ manifest }) => manifest.private !== true);
const errorCodes = [...read("docs/errors.md").matchAll(/^## ([A-Z_]+)$/gm)].map(([, code]) => code);

test("there are published packages", () => {
  expect(packages.length).toBeGreaterThan(8);
});

describe.each(packages)("$folder", ({ folder, manifest }) => {
  test("names its repository in its manifest, and is published with provenance", () => {
    expect(manifest).toMatchObject({
      description: expect.stringMatching(/^[A-Z].{20,}[^.]$/),
      keywords: expect.arrayContaining(["unitrain"]),
      homepage: documentationUrl,
      bugs: "https://github.com/unitrain/unitrain/issues",
      repository: {
        type: "git",
        url: "git+https://github.com/unitrain/unitrain.git",
        directory: `packages/${basename(folder)}`,
      },
      license: "MIT",
      engines: JSON.parse(read("package.json")).engines,
      files: expect.arrayContaining(["CHANGELOG.md"]),
      publishConfig: { access: "public", provenance: true },
      scripts: { "check:pack": expect.stringContaining("check-tarball.mjs") },
    });
  });

  test("has a license, a changelog and a README with the required sections", () => {
    expect(read(folder, "LICENSE")).toBe(read("LICENSE"));
    expect(read(folder, "CHANGELOG.md").split("\n")[0]).toBe(`# ${manifest.name}`);
    const readme = read(folder, "README.md");
    const headings = [...readme.matchAll(/^##? .*$/gm)].map(([heading]) => heading);
    expect(headings).toEqual([`# ${manifest.name}`, "## Install", "## Use", "## Options", "## Errors"]);
    expect(readme).toContain(`${documentationUrl}/errors`);
  });

  test("links only to existing errors and pages of the documentation", () => {
    const readme = read(folder, "README.md");
    const errors = readme.slice(readme.indexOf("## Errors"));
    const codes = [...errors.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, code]) => code);
    expect(errorCodes).toEqual(expect.arrayContaining(codes));
    const pages = [...readme.matchAll(/unitrain\.github\.io\/unitrain\/([a-z-]+)/g)].map(([, page]) => page);
    const existing = globSync("docs/*.md", { cwd: root }).map((path) => basename(path, ".md"));
    expect(existing).toEqual(expect.arrayContaining(pages));
  });
});

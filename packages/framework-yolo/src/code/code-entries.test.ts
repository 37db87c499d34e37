import { mkdirSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder, write } from "../__fixtures__/drawn-set.ts";
import { codeEntries } from "./code-entries.ts";

const never = new AbortController().signal;

/** A folder with these files in it. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
  return folder;
}

const pathsIn = (folder: string) => codeEntries(folder, never).entries.map(({ path }) => path);

describe("code", () => {
  it("travels whole, below a folder of its own", () => {
    const folder = folderWith({ "nets/blocks.py": "class A: ...", "train.yaml": "a: 1", ".hidden": "" });
    expect(codeEntries(folder, never)).toMatchObject({
      findings: [],
      entries: [
        { path: "code/.hidden", sizeBytes: 0 },
        { path: "code/nets/blocks.py", from: { file: join(folder, "nets/blocks.py") }, sizeBytes: 12 },
        { path: "code/train.yaml" },
      ],
    });
  });

  it("leaves behind what is none, and where passwords are kept", () => {
    const folder = folderWith({
      "a.py": "",
      ".git/config": "",
      "node_modules/x.js": "",
      "nets/__pycache__/a.pyc": "",
      "env/pyvenv.cfg": "",
      "env/lib/x.py": "",
      ".venv/x.py": "",
      ".mypy_cache/x": "",
      "runs/detect/best.pt": "",
      ".env": "KEY=1",
      ".env.local": "KEY=1",
      "nets/runs/a.py": "",
    });
    expect(pathsIn(folder)).toEqual(["code/a.py", "code/nets/runs/a.py"]);
  });

  it("honours .gitignore at every level, negations and the checkout's own above it", () => {
    const checkout = folderWith({
      ".git/HEAD": "",
      ".gitignore": "*.pt\n/src/data/\n",
      "src/.gitignore": "!keep.pt\nbuild/\n",
      "src/a.py": "",
      "src/big.pt": "",
      "src/keep.pt": "",
      "src/data/x.py": "",
      "src/nets/data/y.py": "",
      "src/nets/build/z.py": "",
      "src/nets/.gitignore": "notes.*",
      "src/nets/notes.md": "",
    });
    expect(pathsIn(join(checkout, "src"))).toEqual([
      "code/.gitignore",
      "code/a.py",
      "code/keep.pt",
      "code/nets/.gitignore",
      "code/nets/data/y.py",
    ]);
  });

  it.skipIf(process.platform === "win32")("follows no link out of the folder, and says so", () => {
    const outside = folderWith({ "secret.py": "", "more/b.py": "" });
    const folder = folderWith({ "nets/a.py": "" });
    symlinkSync(join(outside, "secret.py"), join(folder, "secret.py"));
    symlinkSync(join(outside, "more"), join(folder, "more"));
    symlinkSync(join(folder, "nets/a.py"), join(folder, "same.py"));
    symlinkSync(folder, join(folder, "nets/round"));
    symlinkSync("/nowhere/at/all", join(folder, "dead.py"));
    const { entries, findings } = codeEntries(folder, never);
    expect(entries.map(({ path }) => path)).toEqual(["code/nets/a.py", "code/same.py"]);
    expect(findings.map(({ file, severity }) => [file, severity])).toEqual([
      [join(folder, "more"), "warning"],
      [join(folder, "secret.py"), "warning"],
    ]);
  });

  it("is refused where it is too much to be code, with what the most of it is", () => {
    const folder = folderWith({ "a.py": "", "weights/x.bin": "" });
    truncateSync(join(folder, "weights/x.bin"), 101e6);
    expect(() => codeEntries(folder, never)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTIONS",
        message: expect.stringMatching(/more than 100 MB or 10000 files; most of it is weights \(101 MB\)/),
      }),
    );
  });

  it("is refused where there is none", () => {
    const folder = temporaryFolder();
    expect(() => codeEntries(folder, never)).toThrow("holds nothing to ship");
    expect(() => codeEntries(join(folder, "nets"), never)).toThrow("is no folder");
    mkdirSync(join(folder, "runs"));
    expect(() => codeEntries(write(join(folder, "a.py"), ""), never)).toThrow("is no folder");
  });
});

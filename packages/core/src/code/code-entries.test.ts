import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { listCodeEntries } from "./code-entries.ts";

const { signal } = new AbortController();

const list = (folder: string, included: readonly string[] = []) =>
  listCodeEntries(folder, { target: "code", signal, included });

function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unitrain-code-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function write(file: string, content: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** Creates a folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = createTemporaryFolder();
  for (const [path, text] of Object.entries(files)) write(join(folder, path), text);
  return folder;
}

const pathsIn = (folder: string) => list(folder).entries.map(({ path }) => path);

describe("a folder of code", () => {
  it("is shipped completely, below its own folder", () => {
    const folder = folderWith({ "nets/blocks.py": "class A: ...", "train.yaml": "a: 1", ".hidden": "" });
    expect(list(folder)).toMatchObject({
      findings: [],
      entries: [
        { path: "code/.hidden", sizeBytes: 0 },
        { path: "code/nets/blocks.py", from: { file: join(folder, "nets/blocks.py") }, sizeBytes: 12 },
        { path: "code/train.yaml" },
      ],
    });
  });

  it("is shipped without files that are not code and without files that hold passwords", () => {
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
      "nets/runs/a.py": "",
    });
    expect(pathsIn(folder)).toEqual(["code/a.py", "code/nets/runs/a.py"]);
  });

  const withCredentials = {
    "a.py": "",
    ".env": "KEY=1",
    "config/.env.local": "KEY=1",
    ".env.example": "KEY=",
    "deploy.pem": "",
    id_ed25519: "",
    "credentials.json": "{}",
    "settings.py": 'DATABASE = "postgres://me:s3cr3t-word@db.example.com/x"',
    "template.py": 'DATABASE = "postgres://me:<password>@db.example.com/x"',
    "key.txt": "-----BEGIN OPENSSH PRIVATE KEY-----\nabc",
    "model.keys.py": "secrets = []",
  };

  it("is shipped without files that look like credentials, each of which is named with the way to ship it", () => {
    const folder = folderWith(withCredentials);
    const { entries, findings } = list(folder);
    expect(entries.map(({ path }) => path)).toEqual([
      "code/.env.example",
      "code/a.py",
      "code/model.keys.py",
      "code/template.py",
    ]);
    expect(findings.map(({ file }) => file.slice(folder.length + 1)).sort()).toEqual([
      ".env",
      "config/.env.local",
      "credentials.json",
      "deploy.pem",
      "id_ed25519",
      "key.txt",
      "settings.py",
    ]);
    for (const { message, severity } of findings) {
      expect(severity).toBe("warning");
      expect(message).toMatch(/not uploaded, because .*--code-include \S+$/);
      expect(message).not.toContain("s3cr3t");
    }
  });

  it("is shipped with the files that are included by name, and refused when such a file is missing", () => {
    const folder = folderWith(withCredentials);
    const { entries } = list(folder, ["config/.env.local", "settings.py"]);
    const paths = entries.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["code/config/.env.local", "code/settings.py"]));
    expect(() => list(folder, ["nothing.pem"])).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", message: expect.stringContaining("nothing.pem") }),
    );
  });

  describe("in a checkout is shipped with the files that git knows", () => {
    const git = (folder: string, ...words: string[]) =>
      execFileSync("git", ["-C", folder, ...words], { env: gitEnv });
    const gitEnv = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    /** The oracle: tracked, and untracked but not ignored. */
    const ofGit = (folder: string) =>
      git(folder, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
        .toString()
        .split("\0")
        .filter(Boolean)
        .sort();
    const shipped = (folder: string) =>
      pathsIn(folder)
        .map((path) => path.replace(/^code\//, ""))
        .sort();

    it("in a checkout follows git for letter case, local excludes, negations and ignored files that are tracked", () => {
      const folder = folderWith({
        ".gitignore": "Models/\n*.log\n!keep.log\n/only-here\nbuild/\n",
        "models/__init__.py": "",
        "Models/x.py": "",
        "notes.txt": "",
        "a.log": "",
        "keep.log": "",
        "only-here/a.py": "",
        "src/only-here/b.py": "",
        "src/build/c.py": "",
        "src/.gitignore": "*.tmp\n!build/\n",
        "src/d.tmp": "",
        "src/tracked.tmp": "",
      });
      git(folder, "init", "--quiet");
      write(join(folder, ".git/info/exclude"), "notes.txt\n");
      git(folder, "add", "--force", "src/tracked.tmp");
      expect(shipped(folder)).toEqual(ofGit(folder));
      expect(shipped(folder)).toContain("models/__init__.py");
      expect(shipped(join(folder, "src"))).toEqual(ofGit(join(folder, "src")));
    });

    it("in a checkout follows git in nested checkouts and in an ignored folder that was named", () => {
      const folder = folderWith({
        ".gitignore": "vendored/\n*.bin\n",
        "vendored/a.py": "",
        "nested/.gitignore": "ignored.py\n",
        "nested/ignored.py": "",
        "nested/b.py": "",
      });
      git(folder, "init", "--quiet");
      git(join(folder, "nested"), "init", "--quiet");
      expect(shipped(folder)).toEqual([".gitignore", "nested/.gitignore", "nested/b.py"]);
      expect(shipped(join(folder, "vendored"))).toEqual(["a.py"]);
    });

    it("in a checkout is shipped with the same files when git is not installed", () => {
      const folder = folderWith({
        ".gitignore": "Models/\n",
        "models/a.py": "",
        "notes.txt": "",
        "b.py": "",
      });
      git(folder, "init", "--quiet");
      write(join(folder, ".git/info/exclude"), "notes.txt\n");
      const expected = ofGit(folder);
      vi.stubEnv("PATH", folder);
      expect(shipped(folder)).toEqual(expected);
      vi.unstubAllEnvs();
    });
  });

  it("follows .gitignore files at every level, negations, and those of the checkout above it", () => {
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

  it.skipIf(process.platform === "win32")(
    "is shipped without links that lead out of it, with a warning",
    () => {
      const outside = folderWith({ "secret.py": "", "more/b.py": "" });
      const folder = folderWith({ "nets/a.py": "" });
      symlinkSync(join(outside, "secret.py"), join(folder, "secret.py"));
      symlinkSync(join(outside, "more"), join(folder, "more"));
      symlinkSync(join(folder, "nets/a.py"), join(folder, "same.py"));
      symlinkSync(folder, join(folder, "nets/round"));
      symlinkSync("/nowhere/at/all", join(folder, "dead.py"));
      const { entries, findings } = list(folder);
      expect(entries.map(({ path }) => path)).toEqual(["code/nets/a.py", "code/same.py"]);
      expect(findings.map(({ file, severity }) => [file, severity])).toEqual([
        [join(folder, "more"), "warning"],
        [join(folder, "secret.py"), "warning"],
      ]);
    },
  );

  it("is shipped without the files and folders that are named as no code, in nested checkouts too", () => {
    const folder = folderWith({
      "a.py": "",
      "data/x.csv": "",
      "nested/.git/HEAD": "",
      "nested/data/y.csv": "",
    });
    const excluded = [join(folder, "data"), join(folder, "nested/data")];
    const { entries } = listCodeEntries(folder, { target: "code", signal, excluded });
    expect(entries.map(({ path }) => path)).toEqual(["code/a.py"]);
  });

  it("is refused when it is too large, with its largest part named", () => {
    const folder = folderWith({ "a.py": "", "weights/x.bin": "" });
    truncateSync(join(folder, "weights/x.bin"), 101e6);
    expect(() => list(folder)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTIONS",
        message: expect.stringMatching(/more than 100 MB or 10000 files; most of it is weights \(101 MB\)/),
      }),
    );
  });

  it("is refused when it contains no code", () => {
    const folder = createTemporaryFolder();
    expect(() => list(folder)).toThrow("contains no files to upload");
    expect(() => list(join(folder, "nets"))).toThrow("is not a folder");
    mkdirSync(join(folder, "runs"));
    expect(() => list(write(join(folder, "a.py"), ""))).toThrow("is not a folder");
  });
});

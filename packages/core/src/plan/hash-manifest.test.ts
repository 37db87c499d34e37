import { execFileSync } from "node:child_process";
import { appendFile, mkdtemp, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Manifest, ManifestEntry } from "../spec/index.ts";
import { HashCache } from "./content-hashes.ts";
import { hashManifest } from "./hash-manifest.ts";

const manifestOf = (entries: readonly ManifestEntry[]): Manifest => ({
  async *entries() {
    for (const entry of entries) yield [entry];
  },
});
const inline = (path: string, text = path): ManifestEntry => {
  const bytes = Buffer.from(text);
  return { path, from: { bytes }, sizeBytes: bytes.length };
};
const hash = (entries: readonly ManifestEntry[], cache = new HashCache()) =>
  hashManifest(manifestOf(entries), cache);

async function fileWith(content: string): Promise<{ path: string; entry: ManifestEntry }> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-hash-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "a.jpg");
  await writeFile(path, content);
  return { path, entry: { path: "a.jpg", from: { file: path }, sizeBytes: (await stat(path)).size } };
}

describe("the name of a content", () => {
  test("is the same in any order, and another for another path, byte or mode", async () => {
    const hashed = await hash([inline("a"), inline("b/c")]);
    expect((await hash([inline("b/c"), inline("a")])).digest).toBe(hashed.digest);
    expect(hashed).toMatchObject({ files: 2, bytes: 4 });
    const others = [
      [inline("a"), inline("b/d", "b/c")],
      [inline("a"), inline("b/c", "b/C")],
      [inline("a"), { ...inline("b/c"), executable: true }],
      [inline("a")],
    ];
    for (const entries of others) expect((await hash(entries)).digest).not.toBe(hashed.digest);
  });

  test("gives every entry its sha256", async () => {
    const { manifest } = await hash([inline("a", "abc")]);
    for await (const [entry] of manifest.entries()) {
      expect(entry?.sha256).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
  });
});

describe("a path that could land elsewhere", () => {
  test.each([
    "../x",
    "a/../../x",
    "/etc/passwd",
    "",
    ".",
    "a//b",
    "a/./b",
    "a\0b",
    "\ud800",
    "x".repeat(256),
  ])("%j is refused by name", async (path) => {
    await expect(hash([inline(path)])).rejects.toMatchObject({ code: "UNSAFE_PATH" });
  });

  test("so is one that is listed twice, or is a file and a folder", async () => {
    await expect(hash([inline("a"), inline("a")])).rejects.toThrow(
      '"a" cannot be shipped: it is listed twice',
    );
    await expect(hash([inline("a"), inline("a/b")])).rejects.toThrow("also the folder of another file");
  });

  test("odd names are names", async () => {
    const odd = ["a\nb", "'quoted' \"twice\"", "$(id)", "-rf", "caf\u00e9", "cafe\u0301", " ", "a\\b"];
    expect((await hash(odd.map((path) => inline(path)))).files).toBe(odd.length);
  });
});

describe("a file that changes", () => {
  test("is read once while it stays the same, and again when it does not", async () => {
    const { path, entry } = await fileWith("abc");
    const cache = new HashCache();
    const hashed = await hash([entry], cache);
    expect((await hash([entry], cache)).digest).toBe(hashed.digest);
    expect(cache.cached.count).toBe(1);
    await writeFile(path, "abd");
    expect((await hash([entry], cache)).digest).not.toBe(hashed.digest);
  });

  test("in size, that vanished, or is not a regular file is named, and nothing hangs", async () => {
    const { path, entry } = await fileWith("abc");
    await appendFile(path, "d");
    await expect(hash([entry])).rejects.toMatchObject({
      code: "DATA_CHANGED",
      message: expect.stringContaining(path),
    });
    await unlink(path);
    await expect(hash([entry])).rejects.toMatchObject({ code: "DATA_CHANGED" });
    if (process.platform === "win32") return;
    execFileSync("mkfifo", [path]);
    await expect(hash([entry])).rejects.toThrow("not a regular file");
  });
});

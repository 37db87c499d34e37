import { execFileSync } from "node:child_process";
import { appendFile, mkdtemp, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { getFingerprint, type Manifest, type ManifestEntry } from "../spec/index.ts";
import { type HashOptions, hashManifest } from "./hash-manifest.ts";

const createManifest = (entries: readonly ManifestEntry[]): Manifest => ({
  async *entries() {
    for (const entry of entries) yield [entry];
  },
});
const inline = (path: string, text = path): ManifestEntry => {
  const bytes = Buffer.from(text);
  return { path, from: { bytes }, sizeBytes: bytes.length };
};
/** A time long after the files were written, so that their times are reliable. */
const readAtMs = Date.now() + 60_000;
const hash = (entries: readonly ManifestEntry[], options: Partial<HashOptions> = {}) =>
  hashManifest(createManifest(entries), { now: () => readAtMs, readAtMs, ...options });

async function fileWith(content: string): Promise<{ path: string; entry: ManifestEntry }> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-hash-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "a.jpg");
  await writeFile(path, content);
  return { path, entry: { path: "a.jpg", from: { file: path }, sizeBytes: (await stat(path)).size } };
}

describe("the digest of a manifest", () => {
  test("is the same in any order of the entries, and differs if a path, a byte or a mode differs", async () => {
    const hashed = await hash([inline("a"), inline("b/c")]);
    expect((await hash([inline("b/c"), inline("a")])).digest).toBe(hashed.digest);
    expect(hashed).toMatchObject({ files: 2, bytes: 4 });
    const variants = [
      [inline("a"), inline("b/d", "b/c")],
      [inline("a"), inline("b/c", "b/C")],
      [inline("a"), { ...inline("b/c"), executable: true }],
      [inline("a")],
    ];
    for (const entries of variants) expect((await hash(entries)).digest).not.toBe(hashed.digest);
  });

  test("comes with the sha256 of every entry", async () => {
    const { manifest } = await hash([inline("a", "abc")]);
    for await (const [entry] of manifest.entries()) {
      expect(entry?.sha256).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
  });
});

describe("a path that could escape its folder", () => {
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
  ])("%j is refused with UNSAFE_PATH", async (path) => {
    await expect(hash([inline(path)])).rejects.toMatchObject({ code: "UNSAFE_PATH" });
  });

  test("is refused if it is listed twice, or is both a file and a folder", async () => {
    await expect(hash([inline("a"), inline("a")])).rejects.toThrow('Cannot upload "a": it is listed twice');
    await expect(hash([inline("a"), inline("a/b")])).rejects.toThrow("also the folder of another file");
  });

  test("is accepted if its names are only unusual", async () => {
    const odd = ["a\nb", "'quoted' \"twice\"", "$(id)", "-rf", "caf\u00e9", "cafe\u0301", " ", "a\\b"];
    expect((await hash(odd.map((path) => inline(path)))).files).toBe(odd.length);
  });
});

describe("a file that may change", () => {
  test("is read once while it stays the same, and again after it has changed", async () => {
    const { path, entry } = await fileWith("abc");
    const hashed = await hash([entry]);
    const earlier = hashed.reading.contents;
    expect((await hash([entry], { earlier })).digest).toBe(hashed.digest);
    await writeFile(path, "abd");
    expect((await hash([entry], { earlier })).digest).not.toBe(hashed.digest);
    await expect(hash([entry], { earlier, refusesChanges: true })).rejects.toThrow(
      `${path}: its content has changed`,
    );
  });

  test("has the hash that the framework reports, unless that may be out of date and the file has changed", async () => {
    const { path, entry } = await fileWith("abc");
    const sha256 = "0".repeat(63).concat("1");
    const content = { sha256, fingerprint: getFingerprint(path, await stat(path, { bigint: true })) };
    const reported = { ...entry, from: { file: path, content } };
    const { manifest } = await hash([reported]);
    for await (const [found] of manifest.entries()) {
      expect(found).toMatchObject({ sha256, from: { file: path } });
      expect(found?.from).not.toHaveProperty("content");
    }
    const trusted = await hash([reported]);
    expect((await hash([reported], { mayBeOutdated: true })).digest).toBe(trusted.digest);
    await writeFile(path, "abd");
    expect((await hash([reported], { mayBeOutdated: true })).digest).not.toBe(trusted.digest);
  });

  test("has no fingerprint if it was read so soon after it was written that its times may not show a change", async () => {
    const { path, entry } = await fileWith("abc");
    const now = (await stat(path)).ctimeMs;
    const { contents } = (await hash([entry], { now: () => now })).reading;
    expect(contents.get(0)?.fingerprint).toBe("\0".repeat(8));
  });

  test("is named in the error if its size changed, it vanished or it is not a regular file, and nothing hangs", async () => {
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

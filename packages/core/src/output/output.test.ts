import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { withinFileSystemTimeout } from "../state/bounded.ts";
import { systemLocks } from "../state/lock.ts";
import { makeFolders, removeEmptyFolders } from "../state/make-folders.ts";
import { checkWritable } from "./check-writable.ts";
import { endReservation, isFree, isReservedBy, reserve } from "./reservation.ts";

async function createScratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-output-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function createComputer() {
  const home = await createScratch();
  const runFolder = (runId: string) => join(home, "runs", runId);
  return {
    reserver: { home, locks: systemLocks },
    out: join(home, "results"),
    /** Starts a run whose process is alive. */
    async lives(runId: string) {
      await mkdir(runFolder(runId), { recursive: true });
      const lock = await systemLocks.take(join(runFolder(runId), "controller.lock"));
      onTestFinished(async () => lock?.release());
      return lock;
    },
  };
}

describe("a reservation", () => {
  test("keeps other runs away until its run ends", async () => {
    const { reserver, out, lives } = await createComputer();
    await lives("first");
    expect(await reserve(out, "first", reserver)).toBe(true);
    expect(await isReservedBy(out, "first")).toBe(true);
    expect(await isFree(out, reserver)).toBe(false);
    expect(await reserve(out, "second", reserver)).toBe(false);
    await endReservation(out, "second");
    expect(await isReservedBy(out, "first")).toBe(true);
    await endReservation(out, "first");
    expect(await readdir(reserver.home)).not.toContain("results");
  });

  test("that is abandoned goes to exactly one of several runs that try to take it", async () => {
    const { reserver, out, lives } = await createComputer();
    expect(await reserve(out, "dead", reserver)).toBe(true);
    const runIds = ["a", "b", "c", "d"];
    await Promise.all(runIds.map(lives));
    const got = await Promise.all(runIds.map((runId) => reserve(out, runId, reserver)));
    expect(got.filter(Boolean)).toHaveLength(1);
    expect(await isReservedBy(out, runIds[got.indexOf(true)] ?? "")).toBe(true);
  });

  test("of another state folder, or one that cannot be read, is never taken", async () => {
    const { reserver, out } = await createComputer();
    expect(await reserve(out, "one", { ...reserver, home: await createScratch() })).toBe(true);
    expect(await reserve(out, "two", reserver)).toBe(false);
    await writeFile(join(out, ".unitrain-reservation"), "{ torn");
    expect(await reserve(out, "two", reserver)).toBe(false);
    await endReservation(out, "two");
    expect(await readFile(join(out, ".unitrain-reservation"), "utf8")).toBe("{ torn");
  });

  test("of a run whose ledger cannot be read is never taken, because the run may not be over", async () => {
    const { reserver, out } = await createComputer();
    expect(await reserve(out, "one", reserver)).toBe(true);
    const ledger = join(reserver.home, "runs/one/ledger.jsonl");
    await mkdir(ledger, { recursive: true });
    expect(await isFree(out, reserver)).toBe(false);
    await rm(ledger, { recursive: true });
    expect(await isFree(out, reserver)).toBe(true);
    await writeFile(ledger, "");
    expect(await isFree(out, reserver)).toBe(false);
  });

  test("is refused in a folder with files, and leaves no file there", async () => {
    const { reserver, out } = await createComputer();
    await mkdir(out);
    await writeFile(join(out, ".DS_Store"), "");
    expect(await isFree(out, reserver)).toBe(true);
    await writeFile(join(out, ".env"), "mine");
    expect(await reserve(out, "one", reserver)).toBe(false);
    expect((await readdir(out)).sort()).toEqual([".DS_Store", ".env"]);
  });
});

describe("folders", () => {
  test("are created with their parents, and removed up to the topmost created one if they stayed empty", async () => {
    const root = await createScratch();
    await mkdir(join(root, "there"));
    const deep = join(root, "there/a/b/c");
    expect(await makeFolders(deep)).toBe(join(root, "there/a"));
    expect(await makeFolders(deep)).toBeUndefined();
    await writeFile(join(root, "there/a/kept"), "");
    await removeEmptyFolders(deep, join(root, "there/a"));
    expect(await readdir(join(root, "there/a"))).toEqual(["kept"]);
  });

  test.runIf(process.platform === "linux")("below /proc fail at once", async () => {
    await expect(makeFolders("/proc/unitrain/a/b")).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("on a file system that does not answer fail with a timeout", async () => {
    const silent = new Promise<never>(() => {});
    await expect(withinFileSystemTimeout(silent, 20)).rejects.toMatchObject({ code: "ETIMEDOUT" });
  });

  test.runIf(process.getuid?.() !== 0)("without write permission are refused", async () => {
    await expect(checkWritable("/unitrain-results", 1)).rejects.toMatchObject({ code: "OUTPUT_UNUSABLE" });
  });
});

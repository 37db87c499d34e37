import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemLocks } from "./lock.ts";
import { readLockState } from "./lock-state.ts";

async function freshPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-lock-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "controller.lock");
}

test("can be held once in a process, and is free again after its release", async () => {
  const path = await freshPath();
  const lock = await systemLocks.take(path);
  expect(lock).toBeDefined();
  expect(await systemLocks.take(path)).toBeUndefined();
  expect(await systemLocks.holder(path)).toBe(process.pid);
  await lock?.release();
  expect(await systemLocks.holder(path)).toBeUndefined();
  const again = await systemLocks.take(path);
  expect(again).toBeDefined();
  await again?.release();
});

test("of another process shows its id, and is free as soon as that process is killed", async () => {
  const path = await freshPath();
  const source = `
    const { systemLocks } = await import(${JSON.stringify(new URL("./lock.ts", import.meta.url).href)});
    globalThis.lock = await systemLocks.take(${JSON.stringify(path)});
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ["--conditions=@unitrain/source", "--input-type=module", "-e", source],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  expect(await systemLocks.take(path)).toBeUndefined();
  expect(await systemLocks.holder(path)).toBe(child.pid);
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = await systemLocks.take(path);
  expect(lock).toBeDefined();
  await lock?.release();
});

test("is taken by exactly one of many simultaneous calls", async () => {
  const path = await freshPath();
  const locks = await Promise.all(Array.from({ length: 20 }, () => systemLocks.take(path)));
  expect(locks.filter((lock) => lock !== undefined)).toHaveLength(1);
  for (const lock of locks) await lock?.release();
});

test("checking a lock that was never taken creates no file", async () => {
  const path = await freshPath();
  expect(await systemLocks.holder(path)).toBeUndefined();
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
});

test.each(["a folder", "garbage"])("%s in place of a lock counts as unknown, never as free", async (kind) => {
  const path = await freshPath();
  await (kind === "garbage" ? writeFile(path, randomBytes(4096)) : mkdir(path));
  await expect(systemLocks.holder(path)).rejects.toThrow();
  await expect(systemLocks.take(path)).rejects.toThrow();
  expect(await readLockState(systemLocks, path)).toMatchObject({ problem: { kind: "lock", file: path } });
});

test("an unreadable id of the holder is 0, and an outdated id is never reported as the holder's", async () => {
  const path = await freshPath();
  await mkdir(join(`${path}.holder`, "inside"), { recursive: true });
  const lock = await systemLocks.take(path);
  expect(await systemLocks.holder(path)).toBe(0);
  await lock?.release();
});

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { openLocalLog } from "../follow/local-log.ts";
import { systemPorts } from "../ports.ts";
import { openLedger } from "./ledger.ts";
import { readLedger } from "./read-ledger.ts";

const run = promisify(execFile);
const canMount = process.platform === "linux" && process.getuid?.() === 0;

/** Mounts a real file system with space for a few pages, which needs root. */
async function smallDisk(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-full-"));
  await run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
  onTestFinished(async () => {
    await run("umount", [folder]);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

describe.runIf(canMount)("a full disk", () => {
  test("rejects a ledger entry as a whole, and accepts entries again once there is space", async () => {
    const folder = await smallDisk();
    const path = join(folder, "ledger.jsonl");
    const { run: ledger } = await openLedger(path, systemPorts);
    await ledger.append({ type: "started" });
    await writeFile(join(folder, "filler"), Buffer.alloc(1 << 20)).catch(() => {});
    const long = { type: "environment", folder: "x".repeat(8192), found: "already", output: "" } as const;
    await expect(ledger.append(long)).rejects.toMatchObject({ code: "LEDGER_UNWRITABLE" });
    expect(await readLedger(path)).toMatchObject({ entries: 1, damaged: 0 });
    await rm(join(folder, "filler"));
    await ledger.append(long);
    expect(await readLedger(path)).toMatchObject({ entries: 2, damaged: 0 });
  });

  test("allows a lock of a dead process to be taken, and does not show the dead process as its holder", async () => {
    const folder = await smallDisk();
    const path = join(folder, "controller.lock");
    await (await systemPorts.locks.take(path))?.release();
    // The id of a process that was killed.
    await writeFile(`${path}.holder`, "1\n");
    await writeFile(join(folder, "filler"), Buffer.alloc(1 << 20)).catch(() => {});
    const lock = await systemPorts.locks.take(path);
    expect(lock).toBeDefined();
    expect(await systemPorts.locks.take(path)).toBeUndefined();
    expect(await systemPorts.locks.holder(path)).toBe(0);
    await lock?.release();
  });

  test("that became read-only still allows a run to be taken over and released", async () => {
    const folder = await smallDisk();
    const path = join(folder, "controller.lock");
    await (await systemPorts.locks.take(path))?.release();
    await run("mount", ["-o", "remount,ro", folder]);
    const lock = await systemPorts.locks.take(path);
    expect(lock).toBeDefined();
    await lock?.release();
  });

  test("leaves the log unchanged, and writes nothing twice once there is space", async () => {
    const folder = await smallDisk();
    const [path, sidecar] = [join(folder, "log"), join(folder, "log.offsets")];
    const log = await openLocalLog(path, sidecar);
    await log.append(Buffer.from("one\n"), 4);
    await writeFile(join(folder, "filler"), Buffer.alloc(1 << 20)).catch(() => {});
    await expect(log.append(Buffer.alloc(16_384, "x"), 16_388)).rejects.toMatchObject({ code: "LOCAL_DISK" });
    expect(log.offsets).toEqual({ raw: 4, local: 4 });
    await rm(join(folder, "filler"));
    await log.append(Buffer.from("two\n"), 8);
    expect(await readFile(path, "utf8")).toBe("one\ntwo\n");
  });
});

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RemoteFile } from "@unitrain/core/spec";
import { describe, expect, it, onTestFinished } from "vitest";
import { testContext } from "../../test/context.ts";
import { mountSmallDisk } from "../../test/small-disk.ts";
import { testMachine } from "../../test/test-machine.ts";

const fileAt = (path: string): RemoteFile => ({ path, sizeBytes: 1, modifiedAt: new Date().toISOString() });

describe("snapshot", () => {
  it("copies a file as it was at one moment, however it is written", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const path = join(machine.root, "last.pt");
    writeFileSync(path, "");
    // Written in place, in pieces, with a pause once it is complete, as torch does after each epoch.
    const script = `
      const fs = require("node:fs");
      for (let epoch = 0; ; epoch = (epoch + 1) % 10) {
        const file = fs.openSync(${JSON.stringify(path)}, "w");
        for (let piece = 0; piece < 40; piece += 1) fs.writeSync(file, Buffer.alloc(50_000, 48 + epoch));
        fs.closeSync(file);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
      }`;
    const writer = spawn(process.execPath, ["-e", script]);
    onTestFinished(() => void writer.kill("SIGKILL"));
    await expect.poll(() => readFileSync(path).length, { timeout: 10_000 }).toBeGreaterThan(0);
    const target = join(machine.workFolder, "runs/1/snapshot/copy");
    for (let copy = 0; copy < 5; copy += 1) {
      const { sizeBytes } = await session.snapshot(fileAt(path), target, testContext());
      const content = readFileSync(target);
      expect(content.length).toBe(sizeBytes);
      // A complete file, or what existed between two pieces, but never bytes of two epochs.
      expect(new Set(content).size).toBeLessThanOrEqual(1);
    }
  });

  it("refuses what is missing or is not a regular file, and leaves nothing", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const target = join(machine.workFolder, "snapshot/copy");
    symlinkSync("/etc/passwd", join(machine.root, "link"));
    for (const name of ["link", "gone"]) {
      await expect(
        session.snapshot(fileAt(join(machine.root, name)), target, testContext()),
      ).rejects.toMatchObject({ code: "FETCH_FAILED" });
    }
    await expect(
      session.snapshot(fileAt("/etc/passwd"), join(machine.root, "outside"), testContext()),
    ).rejects.toMatchObject({ code: "UNSAFE_PATH" });
    expect(existsSync(target)).toBe(false);
  });

  it("says that the disk is full, and frees the space again", async () => {
    const machine = await testMachine();
    const { session, workFolder, sh } = await mountSmallDisk(machine, "size=4m");
    mkdirSync(machine.root, { recursive: true });
    await sh(`head -c 2600000 /dev/urandom > '${workFolder}/model'`);
    await expect(
      session.snapshot(fileAt(`${workFolder}/model`), `${workFolder}/snapshot/copy`, testContext()),
    ).rejects.toMatchObject({ code: "REMOTE_DISK" });
    expect(await sh(`ls -A '${workFolder}/snapshot'`)).toBe("");
  });
});

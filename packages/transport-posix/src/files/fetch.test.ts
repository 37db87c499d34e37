import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RemoteFile, Session } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { createCuttingExecutor } from "../../test/cutting-executor.ts";
import { type TestMachine, testMachine } from "../../test/test-machine.ts";
import { withLocalDiskErrors } from "./local-disk.ts";

const noProgress = () => {};

describe("fetch", () => {
  it("downloads a complete file, replaces an older one, and leaves no other file", async () => {
    const { machine, session, file, content } = await withFile(3_000_000);
    const localPath = join(machine.root, "out/best.pt");
    await mkdir(join(machine.root, "out"));
    await writeFile(localPath, "old");
    const seen: number[] = [];
    const { sha256 } = await session.fetch(file, localPath, testContext(), (bytes) => seen.push(bytes));
    expect(sha256).toBe(computeSha256(content));
    expect(readFileSync(localPath).equals(content)).toBe(true);
    expect(readdirSync(join(machine.root, "out"))).toEqual(["best.pt"]);
    expect(seen.at(-1)).toBe(content.length);
  });

  it("downloads an empty file", async () => {
    const { machine, session, file } = await withFile(0);
    await session.fetch(file, join(machine.root, "empty"), testContext(), noProgress);
    expect(readFileSync(join(machine.root, "empty"))).toHaveLength(0);
  });

  it.each([0, 1, 1_500_000, 2_999_999])(
    "resumes from byte %i after the connection was lost",
    async (afterBytes) => {
      const { machine, file, content } = await withFile(3_000_000);
      // 35 bytes of the mark and 8 bytes of the length come first.
      const cut = { afterBytes: afterBytes + 43, stream: "stdout", command: 1 } as const;
      const cutSession = await machine.connect({ executor: createCuttingExecutor(machine.executor(), cut) });
      const localPath = join(machine.root, "best.pt");
      await writeFile(localPath, "old");
      await expect(cutSession.fetch(file, localPath, testContext(), noProgress)).rejects.toMatchObject({
        code: "CONNECTION_LOST",
      });
      expect(await readFile(localPath, "utf8")).toBe("old");
      const have = (await stat(`${localPath}.part`)).size;
      expect(have).toBeGreaterThanOrEqual(Math.min(afterBytes, content.length) - 70_000);
      const seen: number[] = [];
      const session = await machine.connect();
      await session.fetch(file, localPath, testContext(), (bytes) => seen.push(bytes));
      expect(seen.every((bytes) => bytes > have)).toBe(true);
      expect(readFileSync(localPath).equals(content)).toBe(true);
      expect(existsSync(`${localPath}.part`)).toBe(false);
    },
  );

  it("discards a part of another file, whether longer or shorter", async () => {
    for (const size of [100, 5_000_000]) {
      const { machine, session, file, content } = await withFile(200_000);
      const localPath = join(machine.root, "best.pt");
      await writeFile(`${localPath}.part`, randomBytes(size));
      await session.fetch(file, localPath, testContext(), noProgress);
      expect(readFileSync(localPath).equals(content)).toBe(true);
    }
  });

  it("downloads a growing file as it was at the beginning", async () => {
    const { machine, session, file, content } = await withFile(3_000_000);
    const localPath = join(machine.root, "results.csv");
    let grown = false;
    await session.fetch(file, localPath, testContext(), () => {
      if (!grown) writeFileSync(file.path, "more", { flag: "a" });
      grown = true;
    });
    expect(readFileSync(localPath).equals(content)).toBe(true);
  });

  it("fails after some attempts for a file that is rewritten all the time, and leaves no file under its name", async () => {
    const { machine, session, file } = await withFile(3_000_000);
    const localPath = join(machine.root, "last.pt");
    await expect(
      session.fetch(file, localPath, testContext(), () => writeFileSync(file.path, randomBytes(3_000_000))),
    ).rejects.toMatchObject({ code: "FETCH_FAILED", retryable: true });
    expect(readdirSync(machine.root).filter((name) => name.startsWith("last"))).toEqual([]);
  });

  it("refuses links, folders and missing files", async () => {
    const { machine, session, file } = await withFile(10);
    const link = `${file.path}.link`;
    symlinkSync("/etc/passwd", link);
    await session.run({ argv: ["mkfifo", `${file.path}.pipe`] }, testContext());
    for (const path of [link, `${file.path}.pipe`, machine.workFolder, `${file.path}.gone`, "/dev/zero"]) {
      const localPath = join(machine.root, "out");
      await expect(
        session.fetch({ ...file, path }, localPath, testContext(), noProgress),
      ).rejects.toMatchObject({
        code: "FETCH_FAILED",
        message: expect.stringContaining(path),
      });
      expect(existsSync(localPath)).toBe(false);
    }
  });

  it("throws LOCAL_DISK for a local folder that is not writable", async () => {
    const { machine, session, file } = await withFile(10);
    await writeFile(join(machine.root, "file"), "");
    await expect(
      session.fetch(file, join(machine.root, "file/best.pt"), testContext(), noProgress),
    ).rejects.toMatchObject({ code: "LOCAL_DISK" });
  });
});

async function withFile(
  sizeBytes: number,
): Promise<{ machine: TestMachine; session: Session; file: RemoteFile; content: Buffer }> {
  const machine = await testMachine();
  const session = await machine.connect();
  const content = randomBytes(sizeBytes);
  const path = join(machine.workFolder, "best of 'all'.pt");
  await writeFile(path, content);
  return { machine, session, content, file: { path, sizeBytes, modifiedAt: new Date().toISOString() } };
}

function computeSha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

describe("withLocalDiskErrors", () => {
  it("says that the disk is full", async () => {
    const cause = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    await expect(withLocalDiskErrors("out/best.pt", () => Promise.reject(cause))).rejects.toMatchObject({
      code: "LOCAL_DISK",
      message: "Cannot write out/best.pt on this computer: the disk is full.",
      cause,
    });
  });
});

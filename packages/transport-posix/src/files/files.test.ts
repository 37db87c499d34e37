import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RemoteFile, Session } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { testContext } from "../testing/context.ts";
import { cuttingExecutor } from "../testing/cutting-executor.ts";
import { type TestMachine, testMachine } from "../testing/test-machine.ts";

const noProgress = () => {};

describe("listing", () => {
  it("tells regular files of any name, never through a link", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const root = join(machine.workFolder, "runs");
    const names = ["a.txt", "new\nline", "it's $(id)", "-rf", "ä", "a\u0308", "deep/er/file", " "];
    await mkdir(join(root, "deep/er"), { recursive: true });
    for (const name of names) await writeFile(join(root, name), name);
    await utimes(join(root, "a.txt"), 1_700_000_000, 1_700_000_000.25);
    symlinkSync("/etc", join(root, "link-to-folder"));
    symlinkSync("/etc/passwd", join(root, "link-to-file"));
    symlinkSync("..", join(root, "deep/loop"));
    const files = await listed(session, root);
    expect(files.map(({ path }) => path).sort()).toEqual(names.map((name) => join(root, name)).sort());
    expect(files.find(({ path }) => path.endsWith("/a.txt"))).toMatchObject({
      sizeBytes: 5,
      modifiedAt: "2023-11-14T22:13:20.250Z",
    });
  });

  it("goes on without GNU find", async () => {
    const machine = await testMachine();
    const bin = join(machine.root, "bin");
    await mkdir(bin);
    // Like a find of another kind: it knows no -printf.
    writeFileSync(
      join(bin, "find"),
      '#!/bin/sh\nfor word do [ "$word" != -printf ] || exit 1; done\nexec /usr/bin/find "$@"\n',
      { mode: 0o755 },
    );
    const root = join(machine.workFolder, "runs");
    await mkdir(root, { recursive: true });
    for (const name of ["a", "b\nc", "it's"]) await writeFile(join(root, name), "12345");
    const path = `${bin}:${process.env.PATH}`;
    const session = await machine.connect({
      executor: machine.executor("env", [`PATH=${path}`, "sh", "-c"]),
    });
    const files = await listed(session, root);
    expect(files.map(({ path: one }) => one).sort()).toEqual(
      ["a", "b\nc", "it's"].map((name) => join(root, name)),
    );
    expect(files[0]).toMatchObject({ sizeBytes: 5 });
    expect(Math.abs(Date.parse(files[0]?.modifiedAt ?? "") - Date.now())).toBeLessThan(60_000);
  });

  it("of a folder that is not there is empty, and of no plain path refused", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    expect(await listed(session, join(machine.root, "nowhere"))).toEqual([]);
    await expect(listed(session, `${machine.root}/../etc`)).rejects.toMatchObject({ code: "UNSAFE_PATH" });
    await expect(listed(session, "etc")).rejects.toMatchObject({ code: "UNSAFE_PATH" });
  });

  it("leaves out names that are no text, and says so", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    await session.run(
      { argv: ["sh", "-c", "mkdir x; : > x/good; : > x/$(printf 'b\\377d')"] },
      testContext(),
    );
    const context = testContext();
    const files: RemoteFile[] = [];
    for await (const file of session.list(join(machine.workFolder, "x"), context)) files.push(file);
    expect(files).toHaveLength(1);
    expect(context.said).toEqual([expect.stringContaining("1 files")]);
  });

  it("that is cut is an error, never a shorter list", async () => {
    const machine = await testMachine();
    await mkdir(machine.workFolder, { recursive: true });
    for (let at = 0; at < 20; at += 1) await writeFile(join(machine.workFolder, `f${at}`), "");
    const executor = cuttingExecutor(machine.executor(), { afterBytes: 300, stream: "stdout", command: 1 });
    const session = await machine.connect({ executor });
    await expect(listed(session, machine.workFolder)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });
});

describe("fetching", () => {
  it("brings a file home whole, replaces the old one, leaves nothing else", async () => {
    const { machine, session, file, content } = await withFile(3_000_000);
    const localPath = join(machine.root, "out/best.pt");
    await mkdir(join(machine.root, "out"));
    await writeFile(localPath, "old");
    const seen: number[] = [];
    const { sha256 } = await session.fetch(file, localPath, testContext(), (bytes) => seen.push(bytes));
    expect(sha256).toBe(sha256Of(content));
    expect(readFileSync(localPath).equals(content)).toBe(true);
    expect(readdirSync(join(machine.root, "out"))).toEqual(["best.pt"]);
    expect(seen.at(-1)).toBe(content.length);
  });

  it("an empty file is a file", async () => {
    const { machine, session, file } = await withFile(0);
    await session.fetch(file, join(machine.root, "empty"), testContext(), noProgress);
    expect(readFileSync(join(machine.root, "empty"))).toHaveLength(0);
  });

  it.each([0, 1, 1_500_000, 2_999_999])("cut after %i bytes it goes on from there", async (afterBytes) => {
    const { machine, file, content } = await withFile(3_000_000);
    // 35 bytes of mark and 8 of length come first.
    const cut = { afterBytes: afterBytes + 43, stream: "stdout", command: 1 } as const;
    const cutSession = await machine.connect({ executor: cuttingExecutor(machine.executor(), cut) });
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
  });

  it("a part of another file, longer or shorter, is given up", async () => {
    for (const size of [100, 5_000_000]) {
      const { machine, session, file, content } = await withFile(200_000);
      const localPath = join(machine.root, "best.pt");
      await writeFile(`${localPath}.part`, randomBytes(size));
      await session.fetch(file, localPath, testContext(), noProgress);
      expect(readFileSync(localPath).equals(content)).toBe(true);
    }
  });

  it("a file that only grows is fetched as it was", async () => {
    const { machine, session, file, content } = await withFile(3_000_000);
    const localPath = join(machine.root, "results.csv");
    let grown = false;
    await session.fetch(file, localPath, testContext(), () => {
      if (!grown) writeFileSync(file.path, "more", { flag: "a" });
      grown = true;
    });
    expect(readFileSync(localPath).equals(content)).toBe(true);
  });

  it("a file that is written anew all the time fails after some tries, and nothing stands under its name", async () => {
    const { machine, session, file } = await withFile(3_000_000);
    const localPath = join(machine.root, "last.pt");
    await expect(
      session.fetch(file, localPath, testContext(), () => writeFileSync(file.path, randomBytes(3_000_000))),
    ).rejects.toMatchObject({ code: "FETCH_FAILED", retryable: true });
    expect(readdirSync(machine.root).filter((name) => name.startsWith("last"))).toEqual([]);
  });

  it("refuses what is no regular file, and what is gone", async () => {
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

  it("a folder here that cannot be written to is LOCAL_DISK", async () => {
    const { machine, session, file } = await withFile(10);
    await writeFile(join(machine.root, "file"), "");
    await expect(
      session.fetch(file, join(machine.root, "file/best.pt"), testContext(), noProgress),
    ).rejects.toMatchObject({ code: "LOCAL_DISK" });
  });
});

describe("removing", () => {
  it("takes away what is ours, read-only or not, and is done when it is gone", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const folder = join(machine.workFolder, "runs/it's -rf");
    await mkdir(join(folder, "deep"), { recursive: true });
    await writeFile(join(folder, "deep/file"), "x");
    await session.run({ argv: ["chmod", "-R", "a-w", folder] }, testContext());
    await session.remove(folder, testContext());
    expect(existsSync(folder)).toBe(false);
    await session.remove(folder, testContext());
    await session.remove(join(machine.workFolder, "never/was/here"), testContext());
  });

  it("refuses anything else", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const { workFolder, root } = machine;
    await writeFile(join(root, "mine"), "x");
    for (const path of [
      workFolder,
      `${workFolder}/`,
      `${workFolder}/../mine`,
      `${workFolder}/.`,
      `${workFolder}//x`,
      join(root, "mine"),
      `${workFolder}x`,
      "/",
      "runs",
      "",
    ]) {
      await expect(session.remove(path, testContext()), path).rejects.toMatchObject({ code: "UNSAFE_PATH" });
    }
    expect(existsSync(join(root, "mine"))).toBe(true);
  });

  it("removes a link itself, and goes through none", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const precious = join(machine.root, "photos");
    await mkdir(join(precious, "2024"), { recursive: true });
    symlinkSync(precious, join(machine.workFolder, "link"));
    await expect(session.remove(join(machine.workFolder, "link/2024"), testContext())).rejects.toMatchObject({
      code: "UNSAFE_PATH",
    });
    await session.remove(join(machine.workFolder, "link"), testContext());
    expect(existsSync(join(machine.workFolder, "link"))).toBe(false);
    expect(existsSync(join(precious, "2024"))).toBe(true);
  });

  it("works in a work folder that is reached through a link itself", async () => {
    const machine = await testMachine();
    await mkdir(join(machine.root, "disk"));
    symlinkSync(join(machine.root, "disk"), join(machine.root, "linked"));
    const workFolder = join(machine.root, "linked/work");
    const session = await machine.connect({ workFolder });
    await mkdir(join(workFolder, "runs/1"), { recursive: true });
    await session.remove(join(workFolder, "runs/1"), testContext());
    expect(existsSync(join(workFolder, "runs/1"))).toBe(false);
  });
});

async function listed(session: Session, root: string): Promise<readonly RemoteFile[]> {
  const files: RemoteFile[] = [];
  for await (const file of session.list(root, testContext())) files.push(file);
  return files;
}

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

function sha256Of(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

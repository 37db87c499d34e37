import { hash, randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FileToFetch } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { createCuttingExecutor } from "../../test/cutting-executor.ts";
import { type TestMachine, testMachine } from "../../test/test-machine.ts";

const names = [
  "a.txt",
  "it's $(id)",
  "-rf",
  " spaced",
  "ä",
  "a\u0308",
  "日本/語",
  "*",
  `${"long/".repeat(30)}${"x".repeat(150)}`,
  "empty",
];

function writeContent(machine: TestMachine, name: string, content: string | Buffer): FileToFetch {
  const path = join(machine.workFolder, "out", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  const localPath = join(machine.root, "here", hash("sha256", name));
  return {
    file: { path, sizeBytes: Buffer.byteLength(content), modifiedAt: new Date().toISOString() },
    localPath,
  };
}

describe("fetchMany", () => {
  it.each([
    ["openssl and GNU tar", undefined],
    ["sha256sum", "openssl"],
  ])("downloads files of any name and checks each with %s", async (_by, missing) => {
    const machine = await testMachine();
    const files = names.map((name) =>
      writeContent(machine, name, name === "empty" ? "" : `content of ${name}`),
    );
    files.push(writeContent(machine, "binary", randomBytes(300_000)));
    const executor = missing === undefined ? machine.executor() : await without(machine, missing);
    const session = await machine.connect({ executor });
    const onSaved: string[] = [];
    await session.fetchMany(files, testContext(), ({ file }, sha256) => {
      onSaved.push(file.path);
      expect(sha256).toBe(hash("sha256", readFileSync(file.path)));
    });
    expect(onSaved.sort()).toEqual(files.map(({ file }) => file.path).sort());
    for (const { file, localPath } of files)
      expect(readFileSync(localPath).equals(readFileSync(file.path))).toBe(true);
  });

  it("skips missing files, folders and names that a list cannot hold; fetching one alone succeeds or says why not", async () => {
    const machine = await testMachine();
    const good = writeContent(machine, "good", "good");
    const gone = { ...good, file: { ...good.file, path: `${good.file.path}.gone` } };
    const link = { ...good, file: { ...good.file, path: `${good.file.path}.link` } };
    symlinkSync("/etc/passwd", link.file.path);
    const unlistable = [writeContent(machine, "new\nline", "x"), writeContent(machine, "back\\slash", "x")];
    const twin = writeContent(machine, "twin", "twin");
    const hardLink = { ...twin, file: { ...twin.file, path: `${twin.file.path}-2` } };
    linkSync(twin.file.path, hardLink.file.path);
    const session = await machine.connect();
    const onSaved: string[] = [];
    await session.fetchMany([gone, link, ...unlistable, good, twin, hardLink], testContext(), ({ file }) =>
      onSaved.push(file.path),
    );
    expect(onSaved).toEqual([good.file.path, twin.file.path]);
    for (const pending of [...unlistable, hardLink]) {
      await session.fetch(pending.file, pending.localPath, testContext(), () => {});
      expect(existsSync(pending.localPath)).toBe(true);
    }
  });

  it("keeps the complete files when the connection is lost, and never an incomplete one", async () => {
    const machine = await testMachine();
    const files = Array.from({ length: 50 }, (_, at) => writeContent(machine, `${at}`, randomBytes(10_000)));
    const executor = createCuttingExecutor(machine.executor(), {
      afterBytes: 300_000,
      stream: "stdout",
      command: 1,
    });
    const session = await machine.connect({ executor });
    const onSaved = new Set<string>();
    await expect(
      session.fetchMany(files, testContext(), ({ file }) => void onSaved.add(file.path)),
    ).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    expect(onSaved.size).toBeGreaterThan(5);
    for (const { file, localPath } of files) {
      expect(existsSync(localPath)).toBe(onSaved.has(file.path));
      if (onSaved.has(file.path)) expect(readFileSync(localPath).equals(readFileSync(file.path))).toBe(true);
    }
  });
});

async function without(machine: TestMachine, missing: string) {
  const { createExecutorWithout } = await import("../../test/shipments.ts");
  return createExecutorWithout(machine, [missing]);
}

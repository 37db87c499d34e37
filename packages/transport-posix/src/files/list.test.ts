import { symlinkSync, writeFileSync } from "node:fs";
import { mkdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RemoteFile, Session } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { createCuttingExecutor } from "../../test/cutting-executor.ts";
import { testMachine } from "../../test/test-machine.ts";

const _noProgress = () => {};

describe("list", () => {
  it("yields regular files of any name, and follows no link", async () => {
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
    const files = await listAll(session, root);
    expect(files.map(({ path }) => path).sort()).toEqual(names.map((name) => join(root, name)).sort());
    expect(files.find(({ path }) => path.endsWith("/a.txt"))).toMatchObject({
      sizeBytes: 5,
      modifiedAt: "2023-11-14T22:13:20.250Z",
    });
  });

  it("works without GNU find", async () => {
    const machine = await testMachine();
    const bin = join(machine.root, "bin");
    await mkdir(bin);
    // A find that does not know -printf.
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
    const files = await listAll(session, root);
    expect(files.map(({ path: listedPath }) => listedPath).sort()).toEqual(
      ["a", "b\nc", "it's"].map((name) => join(root, name)),
    );
    expect(files[0]).toMatchObject({ sizeBytes: 5 });
    const { mtimeMs } = await stat(files[0]?.path ?? "");
    expect(Math.abs(Date.parse(files[0]?.modifiedAt ?? "") - mtimeMs)).toBeLessThan(1_000);
  });

  it("yields nothing for a missing folder, and refuses a path that is not plain", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    expect(await listAll(session, join(machine.root, "nowhere"))).toEqual([]);
    await expect(listAll(session, `${machine.root}/../etc`)).rejects.toMatchObject({ code: "UNSAFE_PATH" });
    await expect(listAll(session, "etc")).rejects.toMatchObject({ code: "UNSAFE_PATH" });
  });

  it("leaves out names that are not UTF-8, and says so", async () => {
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
    expect(context.statusMessages).toEqual([expect.stringContaining("1 files")]);
  });

  it("throws when the connection is lost, instead of returning a shorter list", async () => {
    const machine = await testMachine();
    await mkdir(machine.workFolder, { recursive: true });
    for (let at = 0; at < 20; at += 1) await writeFile(join(machine.workFolder, `f${at}`), "");
    const executor = createCuttingExecutor(machine.executor(), {
      afterBytes: 300,
      stream: "stdout",
      command: 1,
    });
    const session = await machine.connect({ executor });
    await expect(listAll(session, machine.workFolder)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });
});

async function listAll(session: Session, root: string): Promise<readonly RemoteFile[]> {
  const files: RemoteFile[] = [];
  for await (const file of session.list(root, testContext())) files.push(file);
  return files;
}

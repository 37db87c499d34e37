import { existsSync, symlinkSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { testMachine } from "../../test/test-machine.ts";

const _noProgress = () => {};

describe("remove", () => {
  it("removes files and folders below the work folder, also read-only ones and missing ones", async () => {
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

  it("refuses every other path", async () => {
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

  it("removes a link itself, and never follows one", async () => {
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

  it("works when the work folder itself is reached through a link", async () => {
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

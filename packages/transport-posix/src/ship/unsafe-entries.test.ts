import { existsSync, symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { createBytesEntry, createShipment, listUnfinishedShips } from "../../test/shipments.ts";
import { testMachine } from "../../test/test-machine.ts";

describe("an unsafe manifest", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["../out", ["../out"]],
    ["a/../../out", ["a/../../out"]],
    ["/etc/passwd", ["/etc/passwd"]],
    ["a//b", ["a//b"]],
    ["a/", ["a/"]],
    ["./a", ["./a"]],
    ["", [""]],
    ["a\0b", ["a\0b"]],
    ["lone \ud800 surrogate", ["lone \ud800 surrogate"]],
    ["n".repeat(256), ["n".repeat(256)]],
    ["a", ["a", "b", "a"]],
    ["a", ["a/b/c", "a"]],
    ["a/b", ["a/b", "a/b/c"]],
  ];

  it.each(cases)("with %j is refused with that name before anything is sent", async (expectedName, paths) => {
    const machine = await testMachine();
    const session = await machine.connect();
    const shipment = createShipment(machine, [
      createBytesEntry("good", "x"),
      ...paths.map((path) => createBytesEntry(path, "x")),
    ]);
    await expect(session.ship(shipment, testContext(), () => {})).rejects.toMatchObject({
      code: "UNSAFE_PATH",
      message: expect.stringContaining(JSON.stringify(expectedName)),
    });
    expect(existsSync(join(machine.workFolder, "store"))).toBe(false);
  });

  it("with a target outside the work folder is refused", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    for (const target of [
      join(machine.root, "x"),
      machine.workFolder,
      `${machine.workFolder}/../x`,
      "data",
    ]) {
      const shipment = { ...createShipment(machine, []), target };
      await expect(session.ship(shipment, testContext(), () => {})).rejects.toMatchObject({
        code: "UNSAFE_PATH",
      });
    }
  });

  it("with pipes, sockets, devices or folders in place of files is refused without waiting for them", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const folder = join(machine.root, "dataset");
    await mkdir(join(folder, "folder"), { recursive: true });
    await session.run({ argv: ["mkfifo", join(folder, "pipe")] }, testContext());
    const socket = "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])";
    await session.run({ argv: ["python3", "-c", socket, join(folder, "socket")] }, testContext());
    symlinkSync("/dev/zero", join(folder, "device"));
    symlinkSync("loop", join(folder, "loop"));
    for (const name of ["folder", "pipe", "socket", "device"]) {
      const shipment = createShipment(
        machine,
        [{ path: name, from: { file: join(folder, name) }, sizeBytes: 4096 }],
        name,
      );
      await expect(
        session.ship(shipment, testContext(), () => {}),
        name,
      ).rejects.toMatchObject({
        code: "UNSAFE_PATH",
        message: expect.stringContaining(name),
      });
      expect(existsSync(shipment.target)).toBe(false);
    }
    const loop = createShipment(machine, [
      { path: "loop", from: { file: join(folder, "loop") }, sizeBytes: 1 },
    ]);
    await expect(session.ship(loop, testContext(), () => {})).rejects.toMatchObject({ code: "SHIP_FAILED" });
    expect(listUnfinishedShips(machine)).toEqual([]);
  });
});

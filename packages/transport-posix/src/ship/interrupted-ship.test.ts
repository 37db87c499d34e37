import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { createCuttingExecutor } from "../../test/cutting-executor.ts";
import { createFileEntry, createShipment, expectSame, listUnfinishedShips } from "../../test/shipments.ts";
import { testMachine } from "../../test/test-machine.ts";
import type { ExecOptions } from "../executor/executor.ts";
import { processesScript } from "../job/processes-script.ts";

describe("an interrupted upload", () => {
  it.each([0, 1, 50, 99])("is sent again after the connection was lost at %i %%", async (percent) => {
    const machine = await testMachine();
    const entries = Array.from({ length: 20 }, (_, at) =>
      createFileEntry(machine, `${at}.bin`, randomBytes(200_000)),
    );
    const shipment = createShipment(machine, entries);
    const controller = new AbortController();
    const cut = machine.executor();
    const session = await machine.connect({ executor: cut });
    await expect(
      session.ship(shipment, testContext(controller.signal), ({ bytes, totalBytes }) => {
        // The connection ends, and with it every process that used it.
        if (bytes >= (totalBytes * percent) / 100) void cut[Symbol.asyncDispose]();
      }),
    ).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    expect(existsSync(shipment.target)).toBe(false);
    const secondSession = await machine.connect();
    await secondSession.ship(shipment, testContext(), () => {});
    expectSame(entries, shipment);
  });

  it("does no harm when only the answer is lost", async () => {
    const machine = await testMachine();
    const entries = [createFileEntry(machine, "a", "x")];
    const shipment = createShipment(machine, entries);
    const executor = createCuttingExecutor(machine.executor(), {
      afterBytes: 40,
      stream: "stdout",
      command: 2,
    });
    const session = await machine.connect({ executor });
    await expect(session.ship(shipment, testContext(), () => {})).rejects.toMatchObject({
      code: "CONNECTION_LOST",
    });
    const secondSession = await machine.connect();
    expect(await secondSession.ship(shipment, testContext(), () => {})).toMatchObject({ sentBytes: 0 });
    expectSame(entries, shipment);
  });

  it("throws the reason of the signal, and cleans up", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const shipment = createShipment(machine, [createFileEntry(machine, "a.bin", randomBytes(8_000_000))]);
    const controller = new AbortController();
    await expect(
      session.ship(shipment, testContext(controller.signal), () => controller.abort()),
    ).rejects.toMatchObject({ code: "CANCELLED" });
    await expect.poll(() => readdirSync(join(machine.workFolder, "store")), { timeout: 5_000 }).toEqual([]);
  });

  it("is cleaned up by the next one when its process is dead, and only then", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const script = `${processesScript}\nuname -n | tr -cd 'A-Za-z0-9.-'; echo; boot_id; started_at ${process.pid}`;
    const { stdout } = await session.run({ argv: ["sh", "-c", script] }, testContext());
    const [host, boot, started] = stdout.split("\n").map((line) => line.replaceAll(/[^A-Za-z0-9.:_-]/g, ""));
    const dead = [
      `${host},${boot},999999999,1,x`,
      `${host},another-boot,1,1,x`,
      `${host},${boot},${process.pid},1,x`,
    ];
    const kept = ["another-host,another-boot,1,1,x", `${host},${boot},${process.pid},${started},x`];
    for (const name of [...dead, ...kept]) {
      await mkdir(join(machine.workFolder, `store/incoming,${name}/files`), { recursive: true });
    }
    await session.ship(
      createShipment(machine, [createFileEntry(machine, "a", "x")]),
      testContext(),
      () => {},
    );
    expect([...listUnfinishedShips(machine)].sort()).toEqual(kept.map((name) => `incoming,${name}`).sort());
  });
});

it("a byte that flips during the upload is found, and its file named", async () => {
  const machine = await testMachine();
  const inner = machine.executor();
  const entries = [
    createFileEntry(machine, "a.jpg", "x".repeat(5000)),
    createFileEntry(machine, "b.jpg", "y".repeat(5000)),
  ];
  const shipment = createShipment(machine, entries);
  const session = await machine.connect({
    executor: {
      exec: (command, options) => inner.exec(command, flipping(options)),
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
  });
  await expect(session.ship(shipment, testContext(), () => {})).rejects.toMatchObject({
    code: "SHIP_FAILED",
    message: expect.stringContaining("b.jpg"),
  });
  expect(existsSync(shipment.target)).toBe(false);
  expect(readdirSync(join(machine.workFolder, "store"))).toEqual([]);
});

function flipping(options: ExecOptions = {}): ExecOptions {
  const { stdin } = options;
  if (!(stdin instanceof Readable)) return options;
  const flip = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = chunk.indexOf("yyyy");
      if (at !== -1) chunk[at + 100] = 0;
      done(null, chunk);
    },
  });
  return { ...options, stdin: stdin.pipe(flip) };
}

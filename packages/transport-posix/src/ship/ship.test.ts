import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ShipProgress } from "@unitrain/core/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import {
  createBytesEntry,
  createExecutorWithout,
  createFileEntry,
  createShipment,
  expectSame,
  listUnfinishedShips,
} from "../../test/shipments.ts";
import { testMachine } from "../../test/test-machine.ts";

const oddNames = [
  "plain.jpg",
  "with blank .jpg ",
  "new\nline",
  "carriage\rreturn",
  "back\\slash\\n",
  'it\'s $(id) `id` "x"',
  "-rf",
  "*",
  "ä/ö/ü.jpg",
  "NFC é",
  "NFD e\u0301",
  "emoji \u{1F600}",
  `${"long/".repeat(60)}${"n".repeat(200)}.jpg`,
  `${"ü".repeat(120)}/${"é".repeat(120)}`,
  `${"p".repeat(150)}/${"n".repeat(99)}`,
  "a: OK",
  "sums/1",
  "end",
];

describe("ship", () => {
  it("uploads files of any name and size, byte for byte", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const sizes = [0, 1, 511, 512, 513, 1024 * 1024 - 512, 1024 * 1024, 3_000_001];
    const entries = [
      ...oddNames.map((name) => createFileEntry(machine, name, `content of ${name}`)),
      ...sizes.map((size) => createFileEntry(machine, `sizes/${size}`, randomBytes(size))),
      createFileEntry(machine, "run.sh", "#!/bin/sh\n", true),
      createBytesEntry("data.yaml", "path: .\n"),
    ];
    const shipment = createShipment(machine, entries);
    const seen: ShipProgress[] = [];
    const shipped = await session.ship(shipment, testContext(), (done) => seen.push(done));
    expect(shipped).toEqual({ sentBytes: shipment.bytes, reusedBytes: 0 });
    expectSame(entries, shipment);
    expect(statSync(join(shipment.target, "run.sh")).mode & 0o111).not.toBe(0);
    expect(statSync(join(shipment.target, "data.yaml")).mode & 0o111).toBe(0);
    expect(seen.at(-1)).toEqual({
      bytes: shipment.bytes,
      totalBytes: shipment.bytes,
      files: entries.length,
      totalFiles: entries.length,
    });
    expect(listUnfinishedShips(machine)).toEqual([]);
  });

  it("uploads any set of names", async () => {
    const part = fc
      .string({
        unit: fc.constantFrom(..."ab '\"\\$`\n\r\t*?-ä", "\u0301", "\u{1F600}"),
        minLength: 1,
        maxLength: 40,
      })
      .filter((name) => name !== "." && name !== ".." && !name.includes("/"));
    const machine = await testMachine();
    const session = await machine.connect();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(part, { minLength: 1, maxLength: 60 }), async (names) => {
        run += 1;
        const entries = names.map((name) => createBytesEntry(`${name}/${name}`, `${run} ${name}`));
        const shipment = createShipment(machine, entries, `run-${run}`);
        await session.ship(shipment, testContext(), () => {});
        expectSame(entries, shipment);
      }),
      { numRuns: 8 },
    );
  });

  it("uploads an empty dataset", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const shipment = createShipment(machine, []);
    await session.ship(shipment, testContext(), () => {});
    expect(readdirSync(shipment.target)).toEqual([]);
  });

  it("sends the same content once, and gives each run its own copy", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const entries = [
      createFileEntry(machine, "a/b.jpg", "picture"),
      createFileEntry(machine, "c.txt", "label"),
    ];
    const first = createShipment(machine, entries, "run-1");
    const second = createShipment(machine, entries, "run-2");
    const third = createShipment(machine, entries, "run-3");
    await session.ship(first, testContext(), () => {});
    await rm(join(machine.root, "dataset"), { recursive: true });
    expect(await session.ship(second, testContext(), () => {})).toEqual({
      sentBytes: 0,
      reusedBytes: first.bytes,
    });
    // A training may change its images, which must affect neither the store nor another run.
    writeFileSync(join(second.target, "a/b.jpg"), "PICTURE");
    expect(readFileSync(join(first.target, "a/b.jpg"), "utf8")).toBe("picture");
    await session.ship(third, testContext(), () => {});
    expectSame(entries, third);
    // An existing copy is kept when it is shipped again.
    expect(await session.ship(second, testContext(), () => {})).toMatchObject({ sentBytes: 0 });
    expect(readFileSync(join(second.target, "a/b.jpg"), "utf8")).toBe("PICTURE");
  });

  it("serves several uploads of the same content at once", async () => {
    const machine = await testMachine();
    const entries = [
      createFileEntry(machine, "a.bin", randomBytes(2_000_000)),
      createFileEntry(machine, "b/c", "x"),
    ];
    const runs = ["run-1", "run-2", "run-3", "run-1"].map((run) => createShipment(machine, entries, run));
    await Promise.all(
      runs.map(async (shipment) => (await machine.connect()).ship(shipment, testContext(), () => {})),
    );
    for (const shipment of runs) expectSame(entries, shipment);
    expect(readdirSync(join(machine.workFolder, "store"))).toEqual([runs[0]?.digest]);
    expect(listUnfinishedShips(machine)).toEqual([]);
  });

  it("sends damaged content of the store again", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const entries = [
      createFileEntry(machine, "a.jpg", "picture"),
      createFileEntry(machine, "new\nline", "label"),
    ];
    const stored = join(machine.workFolder, "store", createShipment(machine, entries).digest);
    await session.ship(createShipment(machine, entries, "run-1"), testContext(), () => {});
    const damages = [
      () => rm(join(stored, "files/a.jpg")),
      // After a crash of the machine, nothing in the store is trusted without a check.
      async () => {
        await writeFile(join(stored, "boot"), "another boot");
        await writeFile(join(stored, "files/new\nline"), "LABEL");
      },
      async () => {
        await writeFile(join(stored, "boot"), "");
        await writeFile(join(stored, "sums/1"), "");
      },
    ];
    for (const [at, damage] of damages.entries()) {
      await damage();
      const shipment = createShipment(machine, entries, `run-${at + 2}`);
      expect(await session.ship(shipment, testContext(), () => {})).toMatchObject({ reusedBytes: 0 });
      expectSame(entries, shipment);
    }
    await writeFile(join(stored, "boot"), "another boot");
    const last = createShipment(machine, entries, "run-9");
    expect(await session.ship(last, testContext(), () => {})).toMatchObject({ sentBytes: 0 });
  });

  it.each(["without openssl", "without openssl and sha256sum"])("checks the upload %s", async (which) => {
    const machine = await testMachine();
    const executor = await createExecutorWithout(
      machine,
      which.includes("and") ? ["openssl", "sha256sum"] : ["openssl"],
    );
    const session = await machine.connect({ executor });
    const entries = oddNames.map((name) => createFileEntry(machine, name, `content of ${name}`));
    const shipment = createShipment(machine, entries);
    await session.ship(shipment, testContext(), () => {});
    expectSame(entries, shipment);
  });

  it.each([
    ["tar", ["tar"]],
    ["openssl, sha256sum or shasum", ["openssl", "sha256sum", "shasum"]],
  ])("says so when the machine has no %s", async (program, missing) => {
    const machine = await testMachine();
    const session = await machine.connect({ executor: await createExecutorWithout(machine, missing) });
    const shipment = createShipment(machine, [createFileEntry(machine, "a", "x")]);
    await expect(session.ship(shipment, testContext(), () => {})).rejects.toMatchObject({
      code: "SHIP_FAILED",
      message: expect.stringContaining(program),
    });
  });
});

import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { createFileEntry, createShipment } from "../../test/shipments.ts";
import { testMachine } from "../../test/test-machine.ts";

describe("a dataset that changes while it is packed", () => {
  const changes: readonly [string, (file: string) => void][] = [
    ["vanishes", (file) => rmSync(file)],
    ["shrinks", (file) => writeFileSync(file, "")],
    ["grows", (file) => writeFileSync(file, "0123456789+")],
    ["has other content", (file) => writeFileSync(file, "9876543210")],
  ];

  it.each(changes)("names a file that %s, and leaves nothing under the final name", async (_what, change) => {
    const machine = await testMachine();
    const session = await machine.connect();
    const entries = [
      createFileEntry(machine, "first.bin", randomBytes(3_000_000)),
      createFileEntry(machine, "second.jpg", "0123456789"),
    ];
    const shipment = createShipment(machine, entries);
    const progress = once(() => change(join(machine.root, "dataset/second.jpg")));
    await expect(session.ship(shipment, testContext(), progress)).rejects.toMatchObject({
      code: "DATA_CHANGED",
      message: expect.stringContaining("second.jpg"),
    });
    expect(existsSync(shipment.target)).toBe(false);
    await expect.poll(() => readdirSync(join(machine.workFolder, "store")), { timeout: 5_000 }).toEqual([]);
  });

  it("is noticed when a large file shrinks or grows halfway", async () => {
    for (const size of [2_500_000, 3_500_000]) {
      const machine = await testMachine();
      const session = await machine.connect();
      const shipment = createShipment(machine, [
        createFileEntry(machine, "large.bin", randomBytes(3_000_000)),
      ]);
      const progress = once(() => writeFileSync(join(machine.root, "dataset/large.bin"), randomBytes(size)));
      await expect(session.ship(shipment, testContext(), progress)).rejects.toMatchObject({
        code: "DATA_CHANGED",
      });
    }
  });
});

function once(step: () => void): () => void {
  let done = false;
  return () => {
    if (!done) step();
    done = true;
  };
}

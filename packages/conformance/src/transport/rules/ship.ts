import { attempt, demand, describeError } from "../../suite/demand.ts";
import { oddNames, transportRules } from "../rule.ts";
import { createEntry, createShipment, type TransportBed } from "../testbed.ts";

/** Rules about `ship`: the upload of the dataset. */
export const shipRules = transportRules([
  {
    id: "transport/ship-delivers-every-file",
    demand:
      "After `ship`, each file of the manifest is at its path below the target, byte for byte, also empty ones and odd names.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const target = await chooseTarget(bed, session);
      const entries = [
        ...oddNames.map((name) => createEntry(name, `content of ${name}`)),
        createEntry("empty", ""),
      ];
      await session.ship(createShipment(entries, target), bed.context(), () => {});
      for (const { path, from } of entries) {
        const content = await bed.subject.readFile(`${target}/${path}`);
        demand(content !== undefined, `ship() did not write ${JSON.stringify(path)}.`);
        const isSame = "bytes" in from && Buffer.compare(content, from.bytes) === 0;
        demand(isSame, `ship() wrote other bytes to ${JSON.stringify(path)}. Send the content unchanged.`);
      }
    },
  },
  {
    id: "transport/ship-keeps-executables",
    demand:
      "A file that is marked as executable can be run on the machine, because the user's scripts are uploaded too.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const target = await chooseTarget(bed, session);
      const script = createEntry("tool.sh", "#!/bin/sh\necho works\n", true);
      await session.ship(createShipment([script], target), bed.context(), () => {});
      const { stdout } = await session.run({ argv: [`${target}/tool.sh`] }, bed.context());
      demand(stdout === "works\n", "An uploaded script with `executable: true` cannot be run. Set its mode.");
    },
  },
  {
    id: "transport/ship-can-be-repeated",
    demand: "The same upload succeeds again, because core repeats it when the connection was lost.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const target = await chooseTarget(bed, session);
      const shipment = createShipment([createEntry("a.txt", "a"), createEntry("b/c.txt", "c")], target);
      await session.ship(shipment, bed.context(), () => {});
      const again = await attempt(
        "ship()",
        session.ship(shipment, bed.context(), () => {}),
      );
      demand(
        "value" in again,
        `The second ship() of the same files failed: ${describeError("error" in again ? again.error : "")}. Reuse what is there.`,
      );
      demand(
        (await bed.readText(`${target}/b/c.txt`)) === "c",
        "After the second ship(), a file of the first is missing.",
      );
    },
  },
  {
    id: "transport/ship-verifies-digests",
    demand:
      "`ship` rejects if a file does not have its SHA-256 digest, because a training on wrong data costs money.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const target = await chooseTarget(bed, session);
      const changed = {
        ...createEntry("a.txt", "as planned"),
        from: { bytes: Buffer.from("has changed") },
        sizeBytes: 11,
      };
      const result = await attempt(
        "ship()",
        session.ship(createShipment([changed], target), bed.context(), () => {}),
      );
      demand(
        "error" in result,
        "ship() succeeded although a file has another digest. Compare each digest on the machine.",
      );
    },
  },
  {
    id: "transport/ship-stays-in-its-target",
    demand: "`ship` writes nothing outside its target, because a hook may return any path.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const target = await chooseTarget(bed, session);
      const shipment = createShipment([createEntry("../escaped.txt", "x")], `${target}/data`);
      await attempt(
        "ship()",
        session.ship(shipment, bed.context(), () => {}),
      );
      demand(
        (await bed.readText(`${target}/escaped.txt`)) === undefined,
        "ship() wrote a file outside its target. Refuse paths with `..`.",
      );
    },
  },
]);

async function chooseTarget(
  bed: TransportBed,
  session: Awaited<ReturnType<TransportBed["connect"]>>,
): Promise<string> {
  const { workFolder } = await session.facts(bed.context());
  return `${workFolder}/runs/conformance`;
}

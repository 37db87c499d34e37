import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { FileToFetch } from "@unitrain/core/spec";
import { type Attempt, attempt, demand, describeError } from "../../suite/demand.ts";
import { transportRules } from "../rule.ts";
import {
  createEntry,
  createRemoteFile,
  createShipment,
  hash,
  readLocalFile,
  type TransportBed,
} from "../testbed.ts";

/** More than the buffers of a connection hold, so that a cut at the first progress ends the transfer. */
const fileBytes = 6_000_000;
/** The parts of a transfer after which the connection is cut. */
const points = [0, 0.3, 0.7];

/** Rules about transfers whose connection is cut at any point. */
export const cutRules = transportRules([
  {
    id: "transport/cut-upload-is-repeated",
    demand:
      "An upload whose connection is cut throws `CONNECTION_LOST` and leaves no half of the files at its target; a repeated one delivers all.",
    needs: ["cut"],
    async check(start) {
      const bed = await start();
      let cuts = 0;
      for (const point of points) {
        const session = await bed.connect();
        const { workFolder } = await session.facts(bed.context());
        const target = `${workFolder}/runs/cut-${point * 10}`;
        // Every attempt has content of its own, because what is on the machine already is not sent again.
        const entries = ["a.bin", "b/c.bin", "d.bin"].map((path) =>
          createEntry(path, randomBytes(fileBytes / 3)),
        );
        const shipment = createShipment(entries, target);
        const result = await cutTransfer(bed, point * shipment.bytes, "ship()", (onBytes) =>
          session.ship(shipment, bed.context(), ({ bytes }) => onBytes(bytes)),
        );
        const arrived = await findArrived(bed, target, entries);
        if ("error" in result) {
          cuts += 1;
          demand(
            arrived.length === 0 || arrived.length === entries.length,
            `After an upload was cut, ${arrived.join(", ")} of ${entries.length} files are at its target. Create the target once all files are there.`,
          );
          await (await bed.connect()).ship(shipment, bed.context(), () => {});
        }
        const { length } = await findArrived(bed, target, entries);
        demand(
          length === entries.length,
          `ship() resolved ${"error" in result ? "when it was repeated after a cut" : "although its connection was cut"}, and ${length} of ${entries.length} files are at its target.`,
        );
      }
      demandCuts(cuts);
    },
  },
  {
    id: "transport/cut-download-is-repeated",
    demand:
      "A download whose connection is cut throws `CONNECTION_LOST`; a repeated one continues or begins anew, and the file is exact.",
    needs: ["cut"],
    async check(start) {
      const bed = await start();
      const content = randomBytes(fileBytes);
      const path = `${bed.subject.folder}/best.pt`;
      await bed.subject.writeFile(path, content);
      const file = createRemoteFile(path, content.length);
      let cuts = 0;
      for (const point of points) {
        const localPath = join(bed.localFolder, `${point * 10}.pt`);
        const session = await bed.connect();
        let result = await cutTransfer(bed, point * content.length, "fetch()", (onBytes) =>
          session.fetch(file, localPath, bed.context(), onBytes),
        );
        if ("error" in result) {
          cuts += 1;
          const again = (await bed.connect()).fetch(file, localPath, bed.context(), () => {});
          result = await attempt("fetch()", again);
          if ("error" in result)
            demand(false, `fetch() failed when it was repeated after a cut: ${describeError(result.error)}.`);
        }
        const isExact = (await readLocalFile(localPath))?.equals(content) === true;
        demand(
          isExact && result.value.sha256 === hash(content),
          "fetch() resolved after a cut, and the file or its digest is wrong. Compare the digest with that of the machine.",
        );
      }
      demandCuts(cuts);
    },
  },
  {
    id: "transport/cut-fetch-many-saves-whole-files",
    demand:
      "`fetchMany` whose connection is cut throws `CONNECTION_LOST` and has passed only whole files to `saved`, because they are not downloaded again.",
    needs: ["cut"],
    async check(start) {
      const bed = await start();
      const files: FileToFetch[] = [];
      for (let at = 0; at < 12; at += 1) {
        const path = `${bed.subject.folder}/many/${at}.bin`;
        await bed.subject.writeFile(path, randomBytes(fileBytes / 12));
        files.push({
          file: createRemoteFile(path, fileBytes / 12),
          localPath: join(bed.localFolder, `${at}.bin`),
        });
      }
      const session = await bed.connect();
      const saved = new Map<FileToFetch, string>();
      const result = await cutTransfer(bed, 1, "fetchMany()", (onBytes) =>
        session.fetchMany(files, bed.context(), (file, sha256) => {
          saved.set(file, sha256);
          onBytes(saved.size);
        }),
      );
      for (const [{ file, localPath }, sha256] of saved) {
        const content = await readLocalFile(localPath);
        demand(
          content !== undefined && content.length === file.sizeBytes && hash(content) === sha256,
          `fetchMany() passed ${file.path} to saved(), and the file is incomplete. Call saved() once it is written.`,
        );
      }
      demand(
        "error" in result || saved.size === files.length,
        `fetchMany() resolved after a cut with ${saved.size} of ${files.length} files. Throw CONNECTION_LOST.`,
      );
      demandCuts("error" in result ? 1 : 0);
    },
  },
]);

/** Makes a transfer and cuts its connection after this many bytes. An error other than `CONNECTION_LOST` fails the rule. */
async function cutTransfer<T>(
  bed: TransportBed,
  afterBytes: number,
  call: string,
  transfer: (onBytes: (bytes: number) => void) => Promise<T>,
): Promise<Attempt<T>> {
  let cut: Promise<void> | undefined;
  const onBytes = (bytes: number) => {
    if (bytes >= afterBytes) cut ??= (async () => bed.subject.cut?.())();
  };
  const result = await attempt(`${call}, whose connection was cut,`, transfer(onBytes));
  await cut;
  const code =
    "error" in result ? (result.error as { readonly code?: unknown } | undefined)?.code : "CONNECTION_LOST";
  demand(
    code === "CONNECTION_LOST",
    `After its connection was cut, ${call} threw ${describeError("error" in result ? result.error : "")}. Throw CONNECTION_LOST.`,
  );
  return result;
}

/** Returns the paths that are at the target; a file with other bytes fails the rule. */
async function findArrived(
  bed: TransportBed,
  target: string,
  entries: readonly ReturnType<typeof createEntry>[],
): Promise<readonly string[]> {
  const arrived: string[] = [];
  for (const { path, sha256 } of entries) {
    const content = await bed.subject.readFile(`${target}/${path}`);
    if (content === undefined) continue;
    demand(
      hash(content) === sha256,
      `After an upload was cut, ${path} at its target has ${content.length} wrong bytes. Create the target once all files are there.`,
    );
    arrived.push(path);
  }
  return arrived;
}

function demandCuts(cuts: number): void {
  demand(
    cuts > 0,
    "No cut ended a transfer, so this rule has checked nothing. Let `cut` of the test setup reset every connection at once.",
  );
}

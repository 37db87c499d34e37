import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileToFetch } from "@unitrain/core/spec";
import { attempt, demand, describeError } from "../../suite/demand.ts";
import { transportRules } from "../rule.ts";
import { createRemoteFile, hash, readLocalFile, type TransportBed } from "../testbed.ts";

const model = Buffer.alloc(300_000, Buffer.from("\0\u00ffmodel\r\n"));

/** Rules about downloads. */
export const fetchRules = transportRules([
  {
    id: "transport/fetch-is-exact",
    demand:
      "`fetch` writes the exact bytes and returns their SHA-256 digest in lower-case hex, because the receipt records it.",
    needs: [],
    async check(start) {
      const { localPath, fetch } = await startFetch(start);
      const result = await fetch();
      demand("value" in result, `fetch() failed: ${describeError("error" in result ? result.error : "")}.`);
      const content = (await readLocalFile(localPath)) ?? Buffer.alloc(0);
      demand(
        Buffer.compare(content, model) === 0,
        `fetch() wrote ${content.length} bytes that differ from the ${model.length} of the file.`,
      );
      demand(
        result.value.sha256 === hash(model),
        `fetch() returned the digest ${result.value.sha256} instead of ${hash(model)}.`,
      );
    },
  },
  {
    id: "transport/fetch-replaces-wrong-parts",
    demand: "`fetch` does not trust a partial file on this computer, because it may be of another run.",
    needs: [],
    async check(start) {
      const { localPath, fetch } = await startFetch(start);
      await writeFile(localPath, Buffer.alloc(1_000, "of another run"));
      await fetch();
      // A second call is what core does after a download that failed.
      await fetch();
      const content = (await readLocalFile(localPath)) ?? Buffer.alloc(0);
      demand(
        Buffer.compare(content, model) === 0,
        "fetch() kept the wrong beginning of an existing file. Compare digests, and begin anew if they differ.",
      );
    },
  },
  {
    id: "transport/missing-file-is-an-error",
    demand: "`fetch` of a missing file rejects, because an empty model would look like a result.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const localPath = join(bed.localFolder, "missing.pt");
      const missing = createRemoteFile(`${bed.subject.folder}/missing.pt`, 10);
      const result = await attempt(
        "fetch()",
        session.fetch(missing, localPath, bed.context(), () => {}),
      );
      demand("error" in result, "fetch() of a missing file resolved. Throw FETCH_FAILED.");
    },
  },
  {
    id: "transport/fetch-many-is-exact",
    demand: "`fetchMany` writes the exact bytes of each file and passes its digest to `saved`.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const files = await writeSmallFiles(bed);
      const saved = new Map<string, string>();
      await session.fetchMany(files, bed.context(), ({ file }, sha256) => saved.set(file.path, sha256));
      for (const { file, localPath } of files) {
        const content = await readLocalFile(localPath);
        demand(
          content?.toString() === file.path,
          `fetchMany() did not write ${JSON.stringify(file.path)} exactly.`,
        );
        demand(
          saved.get(file.path) === hash(file.path),
          `fetchMany() did not pass the digest of ${JSON.stringify(file.path)} to saved().`,
        );
      }
    },
  },
  {
    id: "transport/fetch-many-skips-missing-files",
    demand:
      "`fetchMany` skips a missing file without an error and downloads the others, because a training may still delete files.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const files = await writeSmallFiles(bed);
      const missing = {
        file: createRemoteFile(`${bed.subject.folder}/many/gone`, 4),
        localPath: join(bed.localFolder, "gone"),
      };
      const saved: string[] = [];
      const call = session.fetchMany(
        [missing, ...files],
        bed.context(),
        ({ file }) => void saved.push(file.path),
      );
      const result = await attempt("fetchMany()", call);
      demand(
        "value" in result,
        `fetchMany() failed because of a missing file: ${describeError("error" in result ? result.error : "")}. Skip it.`,
      );
      demand(
        saved.length === files.length,
        `fetchMany() saved ${saved.length} of ${files.length} files, because another one was missing.`,
      );
    },
  },
]);

async function startFetch(start: () => Promise<TransportBed>) {
  const bed = await start();
  const session = await bed.connect();
  const path = `${bed.subject.folder}/it's best.pt`;
  await bed.subject.writeFile(path, model);
  const localPath = join(bed.localFolder, "best.pt");
  const file = createRemoteFile(path, model.length);
  return {
    localPath,
    fetch: () =>
      attempt(
        "fetch()",
        session.fetch(file, localPath, bed.context(), () => {}),
      ),
  };
}

async function writeSmallFiles(bed: TransportBed): Promise<readonly FileToFetch[]> {
  const names = ["labels/it's 1.txt", "labels/2.txt", ".hidden"];
  return Promise.all(
    names.map(async (name, at) => {
      const path = `${bed.subject.folder}/many/${name}`;
      await bed.subject.writeFile(path, Buffer.from(path));
      return {
        file: createRemoteFile(path, Buffer.byteLength(path)),
        localPath: join(bed.localFolder, `${at}`),
      };
    }),
  );
}

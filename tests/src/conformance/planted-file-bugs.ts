import { createHash } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TransportRuleId } from "@unitrain/conformance";
import { changeListed, changeSession, type Plant } from "./plant.ts";

/** Bugs of listing, downloading, copying and removing files. */
export const plantedFileBugs = {
  // Files.
  "transport/list-finds-every-file": changeListed((path) => !path.split("/").at(-1)?.includes("\n")),
  "transport/list-follows-no-links": changeSession(({ list }) => ({
    async *list(root, context) {
      yield* list(root, context);
      const linked = join(root, "link/secret.txt");
      const content = await readFile(linked).catch(() => undefined);
      if (content !== undefined) yield { path: linked, sizeBytes: 1, modifiedAt: new Date(0).toISOString() };
    },
  })),
  "transport/missing-folder-has-no-files": changeSession(({ list, run }) => ({
    async *list(root, context) {
      const { exitCode } = await run({ argv: ["test", "-d", root] }, context);
      if (exitCode !== 0) throw new Error(`${root} is missing`);
      yield* list(root, context);
    },
  })),
  "transport/fetch-is-exact": changeSession(({ fetch }) => ({
    async fetch(...parameters) {
      const { sha256 } = await fetch(...parameters);
      return { sha256: sha256.toUpperCase() };
    },
  })),
  "transport/fetch-replaces-wrong-parts": changeSession(({ fetch }) => ({
    async fetch(file, localPath, ...rest) {
      const part = await readFile(localPath).catch(() => undefined);
      await rm(localPath, { force: true });
      const fetched = await fetch(file, localPath, ...rest);
      if (part === undefined) return fetched;
      const remainder = (await readFile(localPath)).subarray(part.length);
      await writeFile(localPath, Buffer.concat([part, remainder]));
      return fetched;
    },
  })),
  "transport/missing-file-is-an-error": changeSession(({ fetch }) => ({
    fetch: (...parameters) => fetch(...parameters).catch(() => ({ sha256: "" })),
  })),
  "transport/fetch-many-is-exact": changeSession(({ fetchMany }) => ({
    fetchMany: (files, context, saved) => fetchMany(files, context, (file) => saved(file, file.file.path)),
  })),
  "transport/fetch-many-skips-missing-files": changeSession(({ fetchMany }) => ({
    async fetchMany(files, context, saved) {
      let count = 0;
      await fetchMany(files, context, (file, sha256) => {
        count += 1;
        saved(file, sha256);
      });
      if (count < files.length) throw new Error("files are missing");
    },
  })),
  "transport/cut-download-is-repeated": changeSession(({ fetch }) => ({
    fetch: (file, localPath, ...rest) =>
      fetch(file, localPath, ...rest).catch(async (error) => {
        if (error.code !== "CONNECTION_LOST") throw error;
        await rename(`${localPath}.part`, localPath);
        return {
          sha256: createHash("sha256")
            .update(await readFile(localPath))
            .digest("hex"),
        };
      }),
  })),
  "transport/cut-fetch-many-saves-whole-files": changeSession(({ fetchMany }) => ({
    fetchMany: (...parameters) =>
      fetchMany(...parameters).catch((error) => {
        if (error.code !== "CONNECTION_LOST") throw error;
      }),
  })),
  "transport/snapshot-is-a-copy": changeSession(() => ({
    async snapshot(file, target) {
      await rename(file.path, target);
      return { ...file, path: target };
    },
  })),
  "transport/remove-stays-in-the-work-folder": changeSession(() => ({
    remove: (path) => rm(path, { recursive: true, force: true }),
  })),
  "transport/remove-is-idempotent": changeSession(({ remove, run }) => ({
    async remove(path, context) {
      const { exitCode } = await run({ argv: ["test", "-e", path] }, context);
      if (exitCode !== 0) throw new Error(`${path} is missing`);
      await remove(path, context);
    },
  })),
} satisfies Partial<Record<TransportRuleId, Plant>>;

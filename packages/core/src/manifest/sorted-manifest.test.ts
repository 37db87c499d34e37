import fc from "fast-check";
import { expect, test } from "vitest";
import type { Manifest, ManifestEntry } from "../spec/index.ts";
import { sortManifest } from "./sorted-manifest.ts";

const createEntry = (path: string): ManifestEntry => ({
  path,
  from: { file: `/data/${path}` },
  sizeBytes: 1,
});

/** Creates a manifest that counts how often its entries are read. */
function createManifest(paths: readonly string[], batchSize: number) {
  const readPaths = { times: 0 };
  const manifest: Manifest = {
    async *entries() {
      readPaths.times += 1;
      for (let at = 0; at < paths.length; at += batchSize)
        yield paths.slice(at, at + batchSize).map(createEntry);
    },
  };
  return { manifest, readPaths };
}

async function collectPaths(manifest: Manifest): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const batch of manifest.entries()) for (const { path } of batch) paths.push(path);
  return paths;
}

/** No manifest is small enough to be kept in memory. */
const keepNone = { entries: 0, bytes: 0 };

test("entries in any order are sorted on each pass, in memory or by merging", async () => {
  const paths = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(paths, fc.integer({ min: 1, max: 7 }), async (generated, batchSize) => {
      const expectedPaths = generated.toSorted((a, b) => (a < b ? -1 : 1));
      for (const kept of [undefined, keepNone]) {
        const { manifest } = createManifest(generated, batchSize);
        const inOrder = await sortManifest(manifest, kept);
        expect(await collectPaths(inOrder)).toEqual(expectedPaths);
        expect(await collectPaths(inOrder)).toEqual(expectedPaths);
      }
    }),
  );
});

test("a list of images with their labels and one appended file is merged and not kept in memory", async () => {
  const names = Array.from({ length: 50 }, (_, at) => String(at).padStart(3, "0"));
  const paths = [...names.flatMap((name) => [`images/${name}.png`, `labels/${name}.txt`]), "code/own.py"];
  const { manifest, readPaths } = createManifest(paths, 10);
  const inOrder = await sortManifest(manifest, keepNone);
  expect(await collectPaths(inOrder)).toEqual(paths.toSorted());
  // Once to find the sequences, and once for each of the three.
  expect(readPaths.times).toBe(4);
  for await (const [first] of inOrder.entries()) {
    expect(first?.path).toBe("code/own.py");
    break;
  }
});

test("a small manifest is read twice, however often the sorted one is read", async () => {
  const { manifest, readPaths } = createManifest(["b", "a"], 1);
  const inOrder = await sortManifest(manifest);
  for (let pass = 0; pass < 3; pass += 1) expect(await collectPaths(inOrder)).toEqual(["a", "b"]);
  expect(readPaths.times).toBe(2);
});

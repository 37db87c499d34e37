import fc from "fast-check";
import { expect, test } from "vitest";
import type { Manifest, ManifestEntry } from "../spec/index.ts";
import { sortManifest } from "./sorted-manifest.ts";

const createEntry = (path: string): ManifestEntry => ({
  path,
  from: { file: `/data/${path}` },
  sizeBytes: 1,
});

/** Counts how often its entries were asked for. */
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

/** Nothing is small enough to be kept. */
const keepNone = { entries: 0, bytes: 0 };

test("any order is sorted, kept in memory or merged, on each pass", async () => {
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

test("images with their labels, and a file that was appended, are merged and not kept", async () => {
  const names = Array.from({ length: 50 }, (_, at) => String(at).padStart(3, "0"));
  const paths = [...names.flatMap((name) => [`images/${name}.png`, `labels/${name}.txt`]), "code/own.py"];
  const { manifest, readPaths } = createManifest(paths, 10);
  const inOrder = await sortManifest(manifest, keepNone);
  expect(await collectPaths(inOrder)).toEqual(paths.toSorted());
  // Once to see how they divide, and once for each of the three sequences.
  expect(readPaths.times).toBe(4);
  for await (const [first] of inOrder.entries()) {
    expect(first?.path).toBe("code/own.py");
    break;
  }
});

test("a small manifest is asked twice, however often it is read", async () => {
  const { manifest, readPaths } = createManifest(["b", "a"], 1);
  const inOrder = await sortManifest(manifest);
  for (let pass = 0; pass < 3; pass += 1) expect(await collectPaths(inOrder)).toEqual(["a", "b"]);
  expect(readPaths.times).toBe(2);
});

import { definePlugin, type Manifest } from "@unitrain/core/spec";

/** Leaves out what belongs to no training, and adds a note about where the data is from. */
export const cleanUpload = definePlugin({
  name: "clean-upload",
  hooks: { ship: (manifest) => ({ entries: () => listEntries(manifest) }) },
});

async function* listEntries(manifest: Manifest) {
  for await (const batch of manifest.entries()) yield batch.filter(({ path }) => !path.endsWith(".psd"));
  const bytes = Buffer.from("Photographed in hall 3.\n");
  yield [{ path: "ORIGIN.txt", from: { bytes }, sizeBytes: bytes.length }];
}

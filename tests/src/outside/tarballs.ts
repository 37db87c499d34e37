import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "./commands.ts";
import { listPublishedPackages, type PublishedPackage, root } from "./published.ts";

export interface Tarball extends PublishedPackage {
  readonly file: string;
  readonly sizeBytes: number;
}

const pnpm = join(root, "node_modules/.bin/pnpm");

/** Packs every public package into a folder, as a release publishes it. The packages must be built. */
export async function packAll(folder: string): Promise<readonly Tarball[]> {
  await mkdir(folder, { recursive: true });
  const pack = async (published: PublishedPackage) => {
    const output = await mustRun([pnpm, "pack", "--json", "--pack-destination", folder], {
      cwd: join(root, published.folder),
    });
    const { filename } = JSON.parse(output.slice(output.indexOf("{"))) as { filename: string };
    return { ...published, file: filename, sizeBytes: (await stat(filename)).size };
  };
  return Promise.all(listPublishedPackages().map(pack));
}

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type DataSource, type DatasetReport, UnitrainError } from "@unitrain/core/spec";

// 3. The dataset: which files are uploaded, and everything that is wrong with them. It runs before anything is rented, so be strict.
export async function checkDataset(source: DataSource): Promise<DatasetReport> {
  if (source.kind !== "local") {
    throw new UnitrainError("INVALID_DATASET", "acme-name trains on a folder of this computer.", {
      hint: "Name the folder with your .txt files.",
    });
  }
  const names = (await readdir(source.path)).filter((name) => name.endsWith(".txt")).sort();
  const files = await Promise.all(
    names.map(async (path) => {
      const file = join(source.path, path);
      return { path, from: { file }, sizeBytes: (await stat(file)).size };
    }),
  );
  return {
    manifest: {
      // Called several times, and starts from the first file each time. It yields lists of files.
      async *entries() {
        yield files;
      },
    },
    summary: `${files.length} texts`,
    findings:
      files.length > 0
        ? []
        : [{ kind: "texts", severity: "error", file: source.path, message: "The folder has no .txt file." }],
  };
}

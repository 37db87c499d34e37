import { basename, dirname, join } from "node:path/posix";
import { stripVTControlCharacters } from "node:util";
import type { LocateInput, RemoteFile } from "@unitrain/core/spec";
import { parseEpoch } from "./rank-models.ts";

/** Finds the models in the folder that Ultralytics reports as its output; undefined when there are none. */
export async function locateModels(input: LocateInput): Promise<readonly RemoteFile[] | undefined> {
  for await (const folder of listOutputFolders(input)) {
    const models = listModels(join(folder, "weights"), input.files);
    if (models.length > 0) return models;
  }
  return undefined;
}

/**
 * Yields candidate output folders, most likely first: the configured one, those in the log, and those in `args.yaml`
 * files (the expected one, then the newest anywhere).
 */
async function* listOutputFolders(input: LocateInput): AsyncGenerator<string> {
  yield input.root;
  const logged = [...stripVTControlCharacters(input.logTail).matchAll(/^Logging results to (.+?)\s*$/gm)];
  for (const [, folder] of logged.reverse()) if (folder !== undefined) yield folder;
  const saved = readSaveDir(await input.read(join(input.root, "args.yaml")));
  if (saved !== undefined) yield saved;
  const others = input.files
    .filter((file) => basename(file.path) === "args.yaml")
    .sort((a, b) => (a.modifiedAt < b.modifiedAt ? 1 : -1));
  for (const file of others) {
    yield dirname(file.path);
    const elsewhere = readSaveDir(await input.read(file.path));
    if (elsewhere !== undefined) yield elsewhere;
  }
}

const readSaveDir = (yaml: string | undefined): string | undefined =>
  /^save_dir:\s*(.+?)\s*$/m.exec(yaml ?? "")?.[1]?.replace(/^(['"])(.*)\1$/, "$2");

/**
 * Lists the models of a folder: `best.pt`, `last.pt`, then each `epochN.pt` with the highest first. The caller takes
 * the first complete one.
 */
function listModels(folder: string, files: readonly RemoteFile[]): readonly RemoteFile[] {
  const filesInFolder = files.filter((file) => dirname(file.path) === folder && file.sizeBytes > 0);
  const models = ["best.pt", "last.pt"].flatMap((name) =>
    filesInFolder.filter((file) => basename(file.path) === name),
  );
  const getEpoch = (file: RemoteFile) => parseEpoch(basename(file.path)) ?? -1;
  const epochs = filesInFolder
    .filter((file) => getEpoch(file) >= 0)
    .sort((a, b) => getEpoch(b) - getEpoch(a));
  return [...models, ...epochs];
}

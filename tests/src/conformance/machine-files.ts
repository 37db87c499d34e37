import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TransportSubject } from "@unitrain/conformance";
import { isAlive } from "../../../packages/transport-posix/test/processes.ts";

type Oracle = Pick<TransportSubject, "readFile" | "writeFile" | "isProcessAlive">;

/** Looks at the files and processes of this computer, on which the machines of the tests run. */
export const thisComputer: Oracle = {
  readFile: (path) => readFile(path).catch(() => undefined),
  async writeFile(path, content) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  },
  isProcessAlive: isAlive,
};

/** Creates a temporary folder with an empty folder for the checks and a path for the work folder. */
export async function createMachineFolders() {
  // Short, because the path of a socket is limited to 100 characters.
  const root = await mkdtemp("/tmp/ut-");
  const folder = join(root, "folder of 'me'");
  await mkdir(folder);
  const remove = () => rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  return { root, folder, workFolder: join(root, "work $folder"), remove };
}

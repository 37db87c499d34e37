import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The folder of one `ssh` master, with its configuration, control socket and log. Other users cannot read it. */
export interface MasterFolder {
  readonly config: string;
  readonly socket: string;
  readonly log: string;
  remove(): Promise<void>;
}

/** The path of a socket is limited to 104 bytes on macOS, and ssh first binds a name that is 17 bytes longer. */
const maxSocketPathBytes = 104 - 1 - 17;

export async function makeMasterFolder(config: string): Promise<MasterFolder> {
  const parent =
    Buffer.byteLength(join(tmpdir(), "unitrain-XXXXXX/s")) <= maxSocketPathBytes ? tmpdir() : "/tmp";
  const folder = await mkdtemp(join(parent, "unitrain-"));
  const files = { config: join(folder, "config"), socket: join(folder, "s"), log: join(folder, "log") };
  await writeFile(files.config, config, { mode: 0o600 });
  await writeFile(files.log, "", { mode: 0o600 });
  return { ...files, remove: () => rm(folder, { recursive: true, force: true }) };
}

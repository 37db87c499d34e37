import { createHash, type Hash, randomBytes } from "node:crypto";
import { constants, type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type CallContext, type RemoteFile, UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { absolutePath } from "../machine/paths.ts";
import { heard } from "../script/heard.ts";
import { inFolder } from "../script/open-script.ts";
import { collect } from "../script/run-script.ts";
import { fetchRefused } from "./fetch-refused.ts";
import { fetchScript, readReply } from "./fetch-script.ts";
import { onLocalDisk, syncFolder } from "./local-disk.ts";

const tries = 3;
const blockBytes = 1024 * 1024;
/** How much a file may have grown since it was listed: this, or a quarter of its size. */
const slackBytes = 16 * 1024 * 1024;
/** A machine reads, and hashes, at least so fast; before the first byte it has this long. */
const slowestBytesPerMs = 20_000;
const fewestSilenceMs = 120_000;

/**
 * Downloads one file, to `<localPath>.part` first: the final name is given to what is whole, on disk, and equal to the
 * machine's by sha256. A cut leaves the part, and the next call goes on from it.
 */
export async function fetchFile(
  machine: ConnectedMachine,
  file: RemoteFile,
  localPath: string,
  { signal }: Pick<CallContext, "signal">,
  progress: (bytes: number) => void,
): Promise<{ readonly sha256: string }> {
  absolutePath(file.path);
  await onLocalDisk(localPath, () => mkdir(dirname(localPath), { recursive: true }));
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    // After the first time under a name of its own: perhaps somebody else writes to that one.
    const part = attempt === 1 ? `${localPath}.part` : `${localPath}.${randomBytes(6).toString("hex")}.part`;
    const sha256 = await fetchPart(machine, file, part, signal, progress);
    if (sha256 !== undefined) {
      await publish(part, localPath);
      return { sha256 };
    }
    await rm(part, { force: true });
  }
  throw new UnitrainError("FETCH_FAILED", `${file.path} changed each of the ${tries} times it was fetched.`, {
    hint: "Wait until the training has written it.",
    retryable: true,
  });
}

/** The sha256 when it is the machine's; undefined when the file changed meanwhile, or the part was of another one. */
async function fetchPart(
  machine: ConnectedMachine,
  file: RemoteFile,
  part: string,
  signal: AbortSignal,
  progress: (bytes: number) => void,
): Promise<string | undefined> {
  const handle = await onLocalDisk(part, () => open(part, openFlags, 0o666));
  try {
    const hash = createHash("sha256");
    let have = await onLocalDisk(part, () => hashAll(handle, hash));
    const script = inFolder(machine.workFolder, fetchScript(file.path, have));
    const running = await machine.shells.dedicated.open(script, { signal });
    const errorOutput = collect(running.stderr);
    errorOutput.catch(() => {});
    let remoteHash: string | undefined;
    try {
      const stream = heard(running.stdout, fewestSilenceMs + file.sizeBytes / slowestBytesPerMs, signal);
      const mostBytes = file.sizeBytes + Math.max(slackBytes, file.sizeBytes / 4) - have;
      for await (const reply of readReply(stream, file.path, Math.max(0, mostBytes))) {
        if (reply.kind === "sha256") remoteHash = reply.hex;
        else {
          hash.update(reply.bytes);
          const at = have;
          await onLocalDisk(part, () => writeAll(handle, reply.bytes, at));
          have += reply.bytes.length;
          progress(have);
        }
      }
      const exitCode = await running.exitCode;
      if (exitCode !== 0) throw fetchRefused(file, exitCode, await errorOutput);
    } finally {
      running.end();
    }
    if (hash.digest("hex") !== remoteHash) return undefined;
    await onLocalDisk(part, () => handle.sync());
    return remoteHash;
  } finally {
    await handle.close();
  }
}

const openFlags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

async function hashAll(handle: FileHandle, hash: Hash): Promise<number> {
  const block = Buffer.allocUnsafe(blockBytes);
  let position = 0;
  while (true) {
    const { bytesRead } = await handle.read(block, 0, block.length, position);
    if (bytesRead === 0) return position;
    hash.update(block.subarray(0, bytesRead));
    position += bytesRead;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

async function publish(part: string, localPath: string): Promise<void> {
  await onLocalDisk(localPath, async () => {
    await rename(part, localPath);
    await syncFolder(dirname(localPath));
  });
}

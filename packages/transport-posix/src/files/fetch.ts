import { createHash, type Hash, randomBytes } from "node:crypto";
import { constants, type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type CallContext, type RemoteFile, UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { checkAbsolutePath } from "../machine/paths.ts";
import { withWorkFolder } from "../script/open-script.ts";
import { collect } from "../script/run-script.ts";
import { withSilenceTimeout } from "../script/silence-timeout.ts";
import { fetchError } from "./fetch-error.ts";
import { buildFetchScript, readFetchReply } from "./fetch-script.ts";
import { syncFolder, withLocalDiskErrors } from "./local-disk.ts";

const maxAttempts = 3;
const blockBytes = 1024 * 1024;
/** A file may have grown since it was listed by this much, or by a quarter of its size. */
const slackBytes = 16 * 1024 * 1024;
/** The machine hashes the file before it sends its sha256. It has `minSilenceMs`, plus the time that this rate takes. */
const minBytesPerMs = 20_000;
const minSilenceMs = 120_000;

/**
 * Downloads one file to `<localPath>.part`, and renames it once it is complete, on disk, and has the same sha256 as on the machine.
 * When the connection is lost the part stays, and the next call resumes from it.
 */
export async function fetchFile(
  machine: ConnectedMachine,
  file: RemoteFile,
  localPath: string,
  { signal }: Pick<CallContext, "signal">,
  onProgress: (bytes: number) => void,
): Promise<{ readonly sha256: string }> {
  checkAbsolutePath(file.path);
  await withLocalDiskErrors(localPath, () => mkdir(dirname(localPath), { recursive: true }));
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    // Later attempts use a unique name: another process may be writing to the first one.
    const partPath =
      attempt === 1 ? `${localPath}.part` : `${localPath}.${randomBytes(6).toString("hex")}.part`;
    const sha256 = await fetchPart(machine, file, partPath, signal, onProgress);
    if (sha256 !== undefined) {
      await publish(partPath, localPath);
      return { sha256 };
    }
    await rm(partPath, { force: true });
  }
  throw new UnitrainError(
    "FETCH_FAILED",
    `Cannot download ${file.path}: it changed during each of ${maxAttempts} attempts.`,
    {
      hint: "Try again once the training has finished writing it.",
      retryable: true,
    },
  );
}

/** Returns the sha256, or undefined when it differs from the machine's: the file changed, or the part belongs to another file. */
async function fetchPart(
  machine: ConnectedMachine,
  file: RemoteFile,
  partPath: string,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
): Promise<string | undefined> {
  const handle = await withLocalDiskErrors(partPath, () => open(partPath, openFlags, 0o666));
  try {
    const hash = createHash("sha256");
    let receivedBytes = await withLocalDiskErrors(partPath, () => hashExistingPart(handle, hash));
    const script = withWorkFolder(machine.workFolder, buildFetchScript(file.path, receivedBytes));
    const running = await machine.shells.dedicated.open(script, { signal });
    const errorOutput = collect(running.stderr);
    errorOutput.catch(() => {});
    let remoteSha256: string | undefined;
    try {
      const stream = withSilenceTimeout(
        running.stdout,
        minSilenceMs + file.sizeBytes / minBytesPerMs,
        signal,
      );
      const maxBytes = file.sizeBytes + Math.max(slackBytes, file.sizeBytes / 4) - receivedBytes;
      for await (const reply of readFetchReply(stream, file.path, Math.max(0, maxBytes))) {
        if (reply.kind === "sha256") remoteSha256 = reply.hex;
        else {
          hash.update(reply.bytes);
          const position = receivedBytes;
          await withLocalDiskErrors(partPath, () => writeAll(handle, reply.bytes, position));
          receivedBytes += reply.bytes.length;
          onProgress(receivedBytes);
        }
      }
      const exitCode = await running.exitCode;
      if (exitCode !== 0) throw fetchError(file, exitCode, await errorOutput);
    } finally {
      running.cancel();
    }
    if (hash.digest("hex") !== remoteSha256) return undefined;
    await withLocalDiskErrors(partPath, () => handle.sync());
    return remoteSha256;
  } finally {
    await handle.close();
  }
}

const openFlags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

async function hashExistingPart(handle: FileHandle, hash: Hash): Promise<number> {
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
  for (let writtenBytes = 0; writtenBytes < bytes.length; ) {
    writtenBytes += (
      await handle.write(bytes, writtenBytes, bytes.length - writtenBytes, position + writtenBytes)
    ).bytesWritten;
  }
}

async function publish(partPath: string, localPath: string): Promise<void> {
  await withLocalDiskErrors(localPath, async () => {
    await rename(partPath, localPath);
    await syncFolder(dirname(localPath));
  });
}

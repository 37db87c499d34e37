import { randomUUID } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ErrorReport, type SavedFile, UnitrainError } from "../spec/index.ts";
import { withinFileSystemTimeout } from "../state/bounded.ts";
import { createLocalDiskError } from "../state/local-disk.ts";
import { makeFolders } from "../state/make-folders.ts";
import { readPlainFile } from "../state/read-plain-file.ts";
import { replaceFile } from "../state/write-file.ts";

/**
 * A process that does not drive a run asks the one that does for a download, and reads the answer. Only the controller may
 * do it: it holds the lease's key and the connection, it masks, and ledger and events have one writer. Both are files, since
 * they work from any process and survive each of them.
 */
const pollMs = 200;
/** A controller that lives takes a request up within half a second. */
const takenUpWithinMs = 30_000;
const suffix = ".pull";

type PullReply =
  | { readonly state: "working" }
  | { readonly state: "done"; readonly files: readonly SavedFile[] }
  | { readonly state: "failed"; readonly error: ErrorReport };

export interface PullRequest {
  /** The folder of requests. */
  readonly folder: string;
  /** What there is without the controller: its files once the run has come to its end, or why it cannot answer any more. */
  readonly otherwise: () => Promise<readonly SavedFile[] | undefined>;
  readonly signal: AbortSignal;
}

/** Resolves with what was downloaded; undefined when the controller does not take the request up. */
export async function askForPull(input: PullRequest): Promise<readonly SavedFile[] | undefined> {
  const { folder, otherwise, signal } = input;
  const id = randomUUID();
  const request = join(folder, `${id}${suffix}`);
  await makeFolders(folder, 0o700)
    .then(() => withinFileSystemTimeout(replaceFile(request, "")))
    .catch((error) => {
      throw createLocalDiskError(request, error);
    });
  const begin = performance.now();
  try {
    while (true) {
      signal.throwIfAborted();
      const answer = await chooseAction(folder, id);
      if (answer?.state === "done") return answer.files;
      const files = await otherwise();
      if (files !== undefined) return files;
      if (answer?.state === "failed") {
        throw new UnitrainError(answer.error.code, answer.error.message, answer.error);
      }
      if (answer === undefined && performance.now() - begin > takenUpWithinMs) return undefined;
      await sleep(pollMs, undefined, { signal });
    }
  } finally {
    for (const path of [request, answerPath(folder, id)]) await rm(path, { force: true }).catch(() => {});
  }
}

/** Takes up every request that is there; those that come while a download goes on are given its answer. */
export async function servePulls(
  folder: string,
  pull: () => Promise<readonly SavedFile[]>,
  createReport: (error: unknown) => ErrorReport,
): Promise<void> {
  const requests = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(suffix));
  for (const name of requests) {
    const id = name.slice(0, -suffix.length);
    await rm(join(folder, name), { force: true });
    await write(folder, id, { state: "working" });
    void pull()
      .then(
        (files): PullReply => ({ state: "done", files }),
        (error): PullReply => ({ state: "failed", error: createReport(error) }),
      )
      .then((answer) => write(folder, id, answer))
      // The process that asked has ended, or its disk is full. It gets no answer then.
      .catch(() => {});
  }
}

async function chooseAction(folder: string, id: string): Promise<PullReply | undefined> {
  const text = await readPlainFile(answerPath(folder, id)).catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as PullReply);
}

function write(folder: string, id: string, answer: PullReply): Promise<void> {
  return replaceFile(answerPath(folder, id), JSON.stringify(answer));
}

function answerPath(folder: string, id: string): string {
  return join(folder, `${id}.answer`);
}

import type { Assembly } from "../adapters/assembly.ts";
import { type EventStore, openEventStore } from "../follow/event-store.ts";
import type { Plan } from "../spec/index.ts";
import { createLocalDiskError } from "../state/local-disk.ts";
import { makeFolders } from "../state/make-folders.ts";
import type { RunFolder } from "../state/run-folder.ts";

/** Opens the files into which a controller writes. */
export async function openRunFiles(
  { ports, sanitizer }: Pick<Assembly, "ports" | "sanitizer">,
  { runId }: Pick<Plan, "runId">,
  folder: RunFolder,
): Promise<EventStore> {
  await makeFolders(folder.path, 0o700).catch((error) => {
    throw createLocalDiskError(folder.path, error);
  });
  return openEventStore({
    path: folder.events,
    log: folder.log,
    runId,
    now: ports.clock.now,
    mask: sanitizer.maskValue,
  });
}

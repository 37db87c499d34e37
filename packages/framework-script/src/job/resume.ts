import { basename } from "node:path/posix";
import type { Framework, JobInput, SavedFile } from "@unitrain/core/spec";
import { matchesAny } from "../options/globs.ts";
import type { CheckedOptions } from "../options/options.ts";
import { createJobFor } from "./job.ts";

/** Continues from the checkpoint that was downloaded last; undefined if there is none, or no checkpoints were declared. */
export async function resumeTraining(
  options: CheckedOptions,
  saved: readonly SavedFile[],
  input: JobInput,
): ReturnType<NonNullable<Framework["resume"]>> {
  if (!/\{checkpoint\}|UNITRAIN_CHECKPOINT/.test(options.resumeCommand ?? options.command)) return undefined;
  const checkpoints = saved.filter(({ path }) => matchesAny(options.checkpoint, path));
  // Files are downloaded with the newest first.
  const [newest] = checkpoints;
  if (newest === undefined) return undefined;
  const path = `checkpoint/${basename(newest.path)}`;
  const entry = {
    path,
    from: { file: newest.localPath },
    sizeBytes: newest.sizeBytes,
    sha256: newest.sha256,
  };
  return {
    job: createJobFor(options, input, `${input.dataset}/${path}`),
    ship: {
      async *entries() {
        yield [entry];
      },
    },
  };
}

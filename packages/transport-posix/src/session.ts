import type { CallContext, Session } from "@unitrain/core/spec";
import { fetchFile } from "./files/fetch.ts";
import { fetchMany } from "./files/fetch-many.ts";
import { listFiles } from "./files/list.ts";
import { removePath } from "./files/remove.ts";
import { snapshotFile } from "./files/snapshot.ts";
import { followJob } from "./job/follow.ts";
import { jobFacts } from "./job/job-facts.ts";
import type { JobLauncher } from "./job/launcher.ts";
import { lookAtJob } from "./job/look.ts";
import { preparing } from "./job/prepare.ts";
import { shellOf } from "./job/shell.ts";
import { startJob } from "./job/start.ts";
import { stopJob } from "./job/stop.ts";
import { facts } from "./machine/facts.ts";
import type { Reached } from "./machine/reached.ts";
import { runCommand } from "./run-command.ts";
import { ship } from "./ship/ship.ts";

/** All that core does on a machine, out of one `exec`. */
export function posixSession(reached: Reached, launchers: readonly JobLauncher[]): Session {
  const preparation = preparing(reached, launchers);
  const { loginNeedsPerson } = reached.executor;
  return {
    ...(loginNeedsPerson === undefined ? {} : { loginNeedsPerson }),
    facts: ({ signal }) => facts(reached, shellOf(reached, signal)),
    ...(launchers.some(({ shellInside }) => shellInside !== undefined)
      ? { jobFacts: (jobId: string, { signal }: CallContext) => jobFacts(reached, jobId, launchers, signal) }
      : {}),
    run: (command, { signal }) => runCommand(reached, command, signal),
    ship: (shipment, context, progress) => {
      preparation.begin(context.say);
      return ship(reached, shipment, context, progress);
    },
    async start(job, secrets, context) {
      preparation.begin(context.say);
      await preparation.soon(context.signal);
      return startJob(reached, job, secrets, launchers, context);
    },
    look: (jobId, { signal }) => lookAtJob(reached, jobId, launchers, signal),
    follow: (jobId, offset, context) => followJob(reached, jobId, offset, launchers, context),
    stop: (jobId, graceMs, { signal }) => stopJob(reached, jobId, graceMs, launchers, signal),
    list: (root, context) => listFiles(reached, root, context),
    fetch: (file, localPath, context, progress) => fetchFile(reached, file, localPath, context, progress),
    fetchMany: (files, context, saved) => fetchMany(reached, files, context, saved),
    snapshot: (file, target, { signal }) => snapshotFile(reached, file, target, signal),
    remove: (path, { signal }) => removePath(reached, path, signal),
    async [Symbol.asyncDispose]() {
      preparation.end();
      reached.shells.close();
      await reached.executor[Symbol.asyncDispose]();
    },
  };
}

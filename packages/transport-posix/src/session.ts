import type { CallContext, Session } from "@unitrain/core/spec";
import { fetchFile } from "./files/fetch.ts";
import { fetchMany } from "./files/fetch-many.ts";
import { listFiles } from "./files/list.ts";
import { removePath } from "./files/remove.ts";
import { snapshotFile } from "./files/snapshot.ts";
import { followJob } from "./job/follow.ts";
import { getJobFacts } from "./job/job-facts.ts";
import { getJobState } from "./job/job-state.ts";
import type { JobLauncher } from "./job/launcher.ts";
import { createPreparation } from "./job/prepare.ts";
import { createShell } from "./job/shell.ts";
import { startJob } from "./job/start.ts";
import { stopJob } from "./job/stop.ts";
import type { ConnectedMachine } from "./machine/connected-machine.ts";
import { getMachineFacts } from "./machine/facts.ts";
import { runCommand } from "./run-command.ts";
import { ship } from "./ship/ship.ts";

/** Creates the session of a connected machine. All its operations are shell scripts that the executor runs. */
export function createPosixSession(machine: ConnectedMachine, launchers: readonly JobLauncher[]): Session {
  const preparation = createPreparation(machine, launchers);
  const { loginNeedsPerson } = machine.executor;
  return {
    ...(loginNeedsPerson === undefined ? {} : { loginNeedsPerson }),
    facts: ({ signal }) => getMachineFacts(machine, createShell(machine, signal)),
    ...(launchers.some(({ shellInside }) => shellInside !== undefined)
      ? {
          jobFacts: (jobId: string, { signal }: CallContext) =>
            getJobFacts(machine, jobId, launchers, signal),
        }
      : {}),
    run: (command, { signal }) => runCommand(machine, command, signal),
    ship: (shipment, context, progress) => {
      preparation.start(context.showStatus);
      return ship(machine, shipment, context, progress);
    },
    async start(job, secrets, context) {
      preparation.start(context.showStatus);
      await preparation.waitBriefly(context.signal);
      return startJob(machine, job, secrets, launchers, context);
    },
    getJobState: (jobId, { signal }) => getJobState(machine, jobId, launchers, signal),
    follow: (jobId, offset, context) => followJob(machine, jobId, offset, launchers, context),
    stop: (jobId, graceMs, { signal }) => stopJob(machine, jobId, graceMs, launchers, signal),
    list: (root, context) => listFiles(machine, root, context),
    fetch: (file, localPath, context, progress) => fetchFile(machine, file, localPath, context, progress),
    fetchMany: (files, context, saved) => fetchMany(machine, files, context, saved),
    snapshot: (file, target, { signal }) => snapshotFile(machine, file, target, signal),
    remove: (path, { signal }) => removePath(machine, path, signal),
    async [Symbol.asyncDispose]() {
      preparation.cancel();
      machine.shells.close();
      await machine.executor[Symbol.asyncDispose]();
    },
  };
}

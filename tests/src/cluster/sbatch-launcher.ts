import { UnitrainError } from "@unitrain/core/spec";
import { type JobLauncher, type LaunchedJob, quote, quoteAll, type Shell } from "@unitrain/transport-posix";
import { batchScript } from "./batch-script.ts";
import { type QueueRow, queueScript, readQueue } from "./slurm-queue.ts";

export interface SbatchOptions {
  /** Arguments that are passed to sbatch unchanged: `--partition=gpu`, `--time=2:00:00`, `--gres=gpu:1`. */
  readonly options?: readonly string[];
  /** The maximum age of the cached queue in seconds, for all jobs in this work folder together. */
  readonly pollSeconds?: number;
  /** See {@link JobLauncher.filesDelayMs}. */
  readonly filesDelayMs?: number;
}

/** Runs jobs on the nodes of a Slurm cluster, whose login node shares the work folder with them. Needs no accounting database. */
export function sbatch({ options = [], pollSeconds = 15, filesDelayMs }: SbatchOptions = {}): JobLauncher {
  /** The queue's rows of a job. More than one when two clients submitted it at once: one of them runs it, the others end at once. */
  const readQueueRows = async (
    shell: Shell,
    { jobId }: Pick<LaunchedJob, "jobId">,
    maxAgeSeconds: number,
  ) => {
    const { exitCode, stdout, stderr } = await shell.run(queueScript(maxAgeSeconds));
    if (exitCode !== 0) throw notAnswering(stderr);
    return readQueue(stdout).filter(({ name }) => name === slurmName(jobId));
  };
  const stillThere = async (shell: Shell, launched: LaunchedJob) =>
    (await readQueueRows(shell, launched, 0)).some(({ state }) => state !== "ended");
  const endWithin = async (shell: Shell, launched: LaunchedJob, seconds: number) => {
    for (let waited = 0; waited <= seconds; waited += 1) {
      if (!(await stillThere(shell, launched))) return true;
      await shell.run("sleep 1");
    }
    return false;
  };
  return {
    name: "slurm",
    ...(filesDelayMs === undefined ? {} : { filesDelayMs }),
    pollMs: Math.max(500, pollSeconds * 1000),
    available: async (shell) => (await shell.run("command -v sbatch squeue scancel")).exitCode === 0,
    async start(shell, { job, folder, wrapper }) {
      const rows = await readQueueRows(shell, { jobId: job.id }, 0);
      const recorded = rows.find(({ state }) => state !== "ended");
      if (recorded !== undefined) return recorded.id;
      const words = [
        ...["--parsable", "--no-requeue", `--nodes=${job.needs.nodes ?? 1}`],
        ...[`--job-name=${slurmName(job.id)}`, `--chdir=${folder}`],
        ...[`--output=${folder.replaceAll("%", "%%")}/slurm.out`, ...options],
      ];
      const stdin = Buffer.from(batchScript(folder, wrapper));
      const { exitCode, stdout, stderr } = await shell.run(`sbatch ${quoteAll(words)}`, { stdin });
      if (exitCode === 0) return stdout.trim();
      if (/unable to contact|timed out/i.test(stderr)) throw notAnswering(stderr);
      throw new UnitrainError("REMOTE_COMMAND", stderr.trim());
    },
    async getState(shell, launched) {
      try {
        let rows = await readQueueRows(shell, launched, launched.hasExited ? 0 : pollSeconds);
        // The job may be newer than the cached queue.
        if (rows.length === 0 && pollSeconds > 0) rows = await readQueueRows(shell, launched, 0);
        const explained = (row: QueueRow) => row.state === "ended" && row.ending.reason !== "other";
        return (
          rows.find(({ state }) => state === "running") ??
          rows.find(({ state }) => state === "queued") ??
          rows.find(explained) ??
          rows[0] ?? { state: "absent" }
        );
      } catch (error) {
        if (!UnitrainError.isInstance(error) || error.code !== "PROVIDER_UNAVAILABLE") throw error;
        return { state: "unknown", detail: error.message };
      }
    },
    async stop(shell, launched, graceMs) {
      const which = `--user="$(id -un)" --name=${quote(slurmName(launched.jobId))}`;
      // TERM goes to the batch script, which ends the job; a pending job is removed from the queue.
      const asked = await shell.run(
        `scancel --state=PENDING ${which}; scancel --batch --signal=TERM ${which}`,
      );
      if (asked.exitCode !== 0) throw notAnswering(asked.stderr);
      // The job has its grace period, and the processes that it leaves behind have another one.
      if (await endWithin(shell, launched, Math.ceil((2 * graceMs) / 1000) + 10)) return;
      await shell.run(`scancel ${which}`);
      if (!(await endWithin(shell, launched, 60))) throw notAnswering("the job is still in the queue");
    },
    shellInside: (shell, { jobId, reference }) => ({
      run(script, more) {
        const id =
          reference === undefined ? `"$(squeue -h -o %i -n ${quote(slurmName(jobId))})"` : quote(reference);
        return shell.run(`srun --jobid=${id} --overlap -N 1 -n 1 -r 0 sh -c ${quote(script)}`, more);
      },
    }),
  };
}

function slurmName(jobId: string): string {
  return `unitrain-${jobId}`;
}

function notAnswering(stderr: string): UnitrainError {
  const cause = stderr.trim().split("\n").at(-1) ?? "";
  return new UnitrainError("PROVIDER_UNAVAILABLE", `Slurm cannot be asked: ${cause}.`, {
    hint: "Wait until slurmctld answers (`scontrol ping`), then try again.",
    retryable: true,
  });
}

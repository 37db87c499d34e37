import { randomBytes } from "node:crypto";
import { type CallContext, type CommandResult, type Job, UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { commandFailedError, isDiskFullMessage, remoteDiskFullError } from "../script/failures.ts";
import { runScript } from "../script/run-script.ts";
import { getJobFolder } from "./job-files.ts";
import type { JobLauncher, PreparedJob, Shell } from "./launcher.ts";
import { createShell } from "./shell.ts";
import {
  buildAwaitClaimScript,
  buildJobInput,
  buildPrepareJobScript,
  buildRecordLauncherScript,
  buildWithdrawScript,
  cannotCreate,
} from "./start-script.ts";

/** How long the wrapper may take to claim the job after it was launched. */
const launchTimeoutMs = 10_000;
/** Space that the files of a job need, without its log. */
const jobFilesBytes = 64 * 1024;

/**
 * Starts a detached job. Resolves once a wrapper has claimed it. Of several attempts only the first wrapper to claim the job runs
 * it, so starting the same job twice is safe, even at the same time or after a crash at any point.
 */
export async function startJob(
  machine: ConnectedMachine,
  job: Job,
  secrets: Readonly<Record<string, string>>,
  launchers: readonly JobLauncher[],
  { signal }: Pick<CallContext, "signal">,
  timeoutMs: number = launchTimeoutMs,
): Promise<void> {
  const folder = getJobFolder(machine, job.id);
  if (job.argv.length === 0) throw notStartedError(job, "it has no program to run");
  const mark = randomBytes(16).toString("hex");
  const stdin = buildJobInput(job, secrets, mark);
  const prepared = await runScript(
    machine.shells.dedicated,
    buildPrepareJobScript(machine.workFolder, job, mark),
    {
      stdin,
      signal,
    },
  );
  if (prepared.exitCode !== 0) throw prepareError(job, prepared);
  if (prepared.stdout.trim() === "claimed") return;
  const shell = createShell(machine, signal);
  const preparedJob: PreparedJob = { job, folder, wrapper: `${folder}/start-${mark}/wrapper` };
  const reasons: string[] = [];
  for (const launcher of launchers) {
    const reason = await launchWith(launcher, shell, preparedJob, timeoutMs);
    if (reason === undefined) return;
    reasons.push(`${launcher.name}: ${reason}`);
  }
  const { stdout } = await shell.run(buildWithdrawScript(folder));
  if (stdout.trim() === "claimed") return;
  throw notStartedError(job, reasons.join("; "));
}

/** Launches the job. Returns why that failed; undefined when the job was launched. */
async function launchWith(
  launcher: JobLauncher,
  shell: Shell,
  preparedJob: PreparedJob,
  timeoutMs: number,
): Promise<string | undefined> {
  const { job, folder } = preparedJob;
  const runsElsewhere = launcher.getState !== undefined;
  const { nodes = 1 } = job.needs;
  if (nodes > 1 && !runsElsewhere) return `it runs jobs on one machine, and ${nodes} nodes are needed`;
  if (!(await launcher.available(shell))) return "not available";
  if (runsElsewhere) await recordLauncher(shell, folder, launcher.name);
  let reference: string;
  try {
    reference = await launcher.start(shell, preparedJob);
  } catch (error) {
    if (!UnitrainError.isInstance(error) || error.code !== "REMOTE_COMMAND") throw error;
    return error.message;
  }
  if (runsElsewhere) {
    await recordLauncher(shell, folder, launcher.name, reference);
    return undefined;
  }
  const script = buildAwaitClaimScript(folder, launcher.name, reference, timeoutMs);
  const { exitCode, stdout, stderr } = await shell.run(script);
  if (exitCode !== 0) throw commandFailedError("tell whether the job has begun", exitCode, stderr);
  const [verdict, ...output] = stdout.trim().split("\n");
  if (verdict !== "none") return undefined;
  return [`it did not begin within ${timeoutMs / 1000} s`, ...output].join(" ");
}

async function recordLauncher(shell: Shell, folder: string, name: string, reference?: string): Promise<void> {
  const { exitCode, stderr } = await shell.run(buildRecordLauncherScript(folder, name, reference));
  if (exitCode !== 0) throw commandFailedError(`record that ${name} runs the job`, exitCode, stderr);
}

function prepareError(job: Job, { exitCode, stdout, stderr }: CommandResult): UnitrainError {
  const [, free] = /^free (\d+)$/m.exec(stdout) ?? [];
  const freeBytes = free === undefined ? undefined : Number(free) * 1024;
  const isFull = isDiskFullMessage(stderr) || (freeBytes !== undefined && freeBytes < jobFilesBytes);
  if (isFull) return remoteDiskFullError(`the files of job ${job.id}`, jobFilesBytes, freeBytes);
  const folder = exitCode === cannotCreate.workingFolder ? job.cwd : "the job's folder";
  return notStartedError(job, `${folder} cannot be created: ${stderr.trim()}`);
}

function notStartedError(job: Job, reason: string): UnitrainError {
  return new UnitrainError("JOB_NOT_STARTED", `Cannot start job ${job.id}: ${reason}.`, {
    hint: "Check the machine's disk, and whether it lets processes continue after a logout.",
  });
}

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

/** How long a launcher may take until the wrapper has claimed the job. */
const launchTimeoutMs = 10_000;
/** What the files of a job need, log apart. */
const jobFilesBytes = 64 * 1024;

/**
 * Starts the job detached; resolves once its wrapper is known to hold it. Which of several tries runs it is settled on the
 * machine, by the wrapper: so it may be started twice at once, and again after a crash at any point.
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

/** Why not; undefined when it is. */
async function launchWith(
  launcher: JobLauncher,
  shell: Shell,
  preparedJob: PreparedJob,
  timeoutMs: number,
): Promise<string | undefined> {
  const { job, folder } = preparedJob;
  const runsElsewhere = launcher.getState !== undefined;
  const { nodes = 1 } = job.needs;
  if (nodes > 1 && !runsElsewhere) return `it runs jobs on one machine, and ${nodes} are needed`;
  if (!(await launcher.available(shell))) return "not there";
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
  if (exitCode !== 0) throw commandFailedError("say whether the job has begun", exitCode, stderr);
  const [verdict, ...output] = stdout.trim().split("\n");
  if (verdict !== "none") return undefined;
  return [`it did not begin within ${timeoutMs / 1000} s`, ...output].join(" ");
}

async function recordLauncher(shell: Shell, folder: string, name: string, reference?: string): Promise<void> {
  const { exitCode, stderr } = await shell.run(buildRecordLauncherScript(folder, name, reference));
  if (exitCode !== 0) throw commandFailedError(`write down that ${name} runs the job`, exitCode, stderr);
}

function prepareError(job: Job, { exitCode, stdout, stderr }: CommandResult): UnitrainError {
  const [, free] = /^free (\d+)$/m.exec(stdout) ?? [];
  const freeBytes = free === undefined ? undefined : Number(free) * 1024;
  const isFull = isDiskFullMessage(stderr) || (freeBytes !== undefined && freeBytes < jobFilesBytes);
  if (isFull) return remoteDiskFullError(`the files of job ${job.id}`, jobFilesBytes, freeBytes);
  const folder = exitCode === cannotCreate.workingFolder ? job.cwd : "the job's folder";
  return notStartedError(job, `${folder} cannot be made: ${stderr.trim()}`);
}

function notStartedError(job: Job, reason: string): UnitrainError {
  return new UnitrainError("JOB_NOT_STARTED", `Job ${job.id} could not be started (${reason}).`, {
    hint: "Look at the machine: its disk, and whether processes may be started there that outlive a login.",
  });
}

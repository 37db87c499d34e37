import type { MachineFacts } from "../spec/index.ts";

/** Returns the absolute paths of one run's files on its machine. The transport decides what is in `<workFolder>/jobs/<id>`. */
export function getRemoteLayout(facts: MachineFacts, runId: string) {
  const run = `${facts.workFolder}/runs/${runId}`;
  return {
    run,
    data: `${run}/data`,
    attempt: (attempt: number) => `${run}/attempt-${attempt}`,
    output: (attempt: number) => `${run}/attempt-${attempt}/out`,
    scratch: (attempt: number) => `${run}/attempt-${attempt}/scratch`,
    environmentJob: `${run}/environment`,
    job: (jobId: string) => `${facts.workFolder}/jobs/${jobId}`,
  };
}

/** The n-th training of a run. */
export function getTrainingJobId(runId: string, attempt: number): string {
  return `${runId}-${attempt}`;
}

/** The job that installs a run's environment. */
export function getEnvironmentJobId(runId: string): string {
  return `${runId}-environment`;
}

/** The job that runs a run's setup lines. */
export function getSetupJobId(runId: string): string {
  return `${runId}-setup`;
}

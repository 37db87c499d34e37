import type { MachineFacts } from "../spec/index.ts";

/** Where things of one run lie on its machine, absolute. Jobs lie in `<workFolder>/jobs/<id>`, which is the transport's matter. */
export function remoteLayout(facts: MachineFacts, runId: string) {
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
export function trainingJobId(runId: string, attempt: number): string {
  return `${runId}-${attempt}`;
}

/** The job that installs a run's environment. */
export function environmentJobId(runId: string): string {
  return `${runId}-environment`;
}

/** The job that runs a run's setup lines. */
export function setupJobId(runId: string): string {
  return `${runId}-setup`;
}

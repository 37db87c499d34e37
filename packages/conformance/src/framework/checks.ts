import {
  checkManifestPath,
  type Job,
  type JobInput,
  type ManifestEntry,
  SortedPaths,
} from "@unitrain/core/spec";
import { demand, demandNoError } from "../suite/demand.ts";
import { findJsonFault } from "../suite/texts.ts";

/** Texts that a log can contain and that no framework prints. */
export const hostileTexts = [
  "\u0000\u001b]0;owned\u0007\u001b[31mepoch\u001b[0m\n",
  "epoch 99999999999999999999/1 loss nan inf -nan 1e999\n",
  `${"9".repeat(200_000)}\n`,
  `${"1/1: ".repeat(20_000)}\n`,
  "\ufffd\ufffd,,,,\n,\n\r\r\r\n",
  "{}[]\"'\\\n",
];

/** Fails the rule unless the paths of a manifest can be created on the machine. */
export function demandSafePaths(entries: readonly ManifestEntry[]): void {
  for (const { path } of entries) demandNoError(() => checkManifestPath(path));
  const sorted = new SortedPaths();
  for (const path of entries.map((entry) => entry.path).sort()) {
    const conflict = sorted.add(path);
    demand(conflict === undefined, `${path} is listed twice, or is also a folder.`);
  }
}

/** Fails the rule unless core can start a job: it is JSON, has the id that core chose, and stays in the run's folders. */
export function demandUsableJob(call: string, job: Job, input: JobInput): void {
  const fault = findJsonFault(job);
  demand(fault === undefined, `In the job of ${call}, ${fault}, which JSON does not keep.`);
  demand(job.id === input.jobId, `The job of ${call} has the id ${job.id} instead of ${input.jobId}.`);
  demandInsideRun(job, input);
}

/** Fails the rule unless the working folder and the watched files of a job are below the run's folders. */
export function demandInsideRun({ cwd, watch }: Job, input: JobInput): void {
  const run = input.output.replace(/\/[^/]+\/[^/]+$/, "");
  for (const path of [cwd, ...watch]) {
    demand(path.startsWith(`${run}/`), `The job uses ${path}, which is not below the run's folder ${run}.`);
  }
}

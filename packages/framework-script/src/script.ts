import { defineFramework, type Framework } from "@unitrain/core/spec";
import { createArtifactRules } from "./artifacts/artifacts.ts";
import { checkUpload } from "./data/check.ts";
import { createEnvironment } from "./environment/environment.ts";
import { explainFailure } from "./job/explain-failure.ts";
import { createJob, formatTitle } from "./job/job.ts";
import { resumeTraining } from "./job/resume.ts";
import { describeMetrics } from "./options/metrics.ts";
import { checkOptions, type ScriptOptions } from "./options/options.ts";
import { createProgressReader } from "./progress/progress.ts";

/** Torch with its CUDA libraries, and its copy in uv's cache. */
const environmentBytes = 12e9;

/**
 * Creates the framework adapter that runs any training command, in a copy of your code on the machine, with the packages that your
 * project names. Reads no files until it is asked to check or to install.
 *
 * @param options The command, the files that it writes, and how its progress is read. See `ScriptOptions`.
 * @throws UnitrainError `INVALID_OPTIONS` that names the first invalid option.
 *
 * @example
 * ```ts
 * import { script } from "@unitrain/framework-script";
 *
 * const framework = script({
 *   command: "python train.py --data {data}",
 *   artifact: "model.pt",
 *   metric: "acc=([0-9.]+)",
 * });
 * console.log(framework.describe().job); // python train.py --data {data}
 * ```
 */
export function script(options: ScriptOptions): Framework {
  const checked = checkOptions(options);
  const recorded = {
    ...options,
    // Another process, in another folder, creates it again.
    code: checked.code,
    ...(checked.resumeFrom === undefined ? {} : { resumeFrom: checked.resumeFrom }),
  };
  const metrics = describeMetrics(checked.metrics, checked.better);
  return defineFramework({
    name: "script",
    recipe: { module: "@unitrain/framework-script", exportName: "script", options: recorded, secrets: [] },
    diskBytes: environmentBytes,
    describe: () => ({
      job: formatTitle(checked),
      folder: "runs/script",
      settings: Object.entries(recorded)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => ({ name, value, isExplicit: name !== "code" || options.code !== undefined })),
      ...(metrics === undefined ? {} : { metrics }),
    }),
    check: (source, context) => checkUpload(source, checked, context),
    environment: (facts) => createEnvironment(checked, facts),
    job: (input) => createJob(checked, input),
    progress: () => createProgressReader(checked),
    artifacts: createArtifactRules(checked),
    explainFailure,
    resume: (saved, input) => resumeTraining(checked, saved, input),
  });
}

import { defineFramework, type Framework } from "@unitrain/core/spec";
import { createArtifactRules } from "./artifacts/artifacts.ts";
import { createEnvironment } from "./environment/environment.ts";
import { environmentBytes } from "./environment/room.ts";
import { estimateTraining } from "./estimate/estimate.ts";
import { explainFailure } from "./failure/explain-failure.ts";
import { checkFit } from "./fit/fit.ts";
import { findOfferFaults } from "./fit/offer.ts";
import { createJob } from "./job/job.ts";
import { suggestNextCommands } from "./job/next-commands.ts";
import { describeJob } from "./job/title.ts";
import { checkOptions, type YoloOptions } from "./options/options.ts";
import { describeResults } from "./options/results.ts";
import { listSettings } from "./options/settings.ts";
import { createProgressReader } from "./progress/progress.ts";
import { listShownMetrics } from "./progress/shown-metrics.ts";
import { createReadyCheck } from "./ready-check.ts";

/**
 * Creates the framework adapter for Ultralytics YOLO. Does not read or write any files.
 *
 * @param options Arguments of `yolo train` under their own names, plus unitrain's: `version` (of Ultralytics), `pip`,
 * `code`, `trainer`, `validator`, `callbacks`, `track`, `strict` and `skipBad`. See `YoloOptions`.
 * @throws UnitrainError `INVALID_OPTIONS` that names the first invalid option.
 *
 * @example
 * ```ts
 * import { yolo } from "@unitrain/framework-yolo";
 *
 * const framework = yolo({ model: "yolo11n.pt", epochs: 50, imgsz: 640 });
 * console.log(framework.describe().job); // detect yolo11n.pt epochs=50 imgsz=640, ultralytics 8.4.190
 * ```
 */
export function yolo(options: YoloOptions = {}): Framework {
  const checked = checkOptions(options);
  return defineFramework({
    name: "yolo",
    recipe: { module: "@unitrain/framework-yolo", exportName: "yolo", options, secrets: [] },
    hooks: { readyCheck: createReadyCheck(checked) },
    describe: () => ({
      job: describeJob(checked),
      ...describeResults(checked),
      settings: listSettings(checked, options),
      metrics: listShownMetrics(checked.task),
    }),
    check: async (source, context) => {
      const { checkAll } = await import("./check-all.ts");
      return checkAll(source, checked, context);
    },
    diskBytes: environmentBytes,
    estimate: (input) => estimateTraining(checked, input),
    fitsOffer: ({ quote }) => findOfferFaults(checked, quote),
    fit: (input) => checkFit(checked, input),
    environment: (facts) => createEnvironment(checked, facts),
    job: (input) => createJob(checked, input),
    progress: (input) => createProgressReader(checked, input),
    artifacts: createArtifactRules(checked),
    nextCommands: (result) => suggestNextCommands(checked.task, result),
    explainFailure: (training) => explainFailure(training),
  });
}

import { defineFramework, type Framework } from "@unitrain/core/spec";
import { artifactRules } from "./artifacts/artifacts.ts";
import { environmentOf } from "./environment/environment.ts";
import { environmentBytes } from "./environment/room.ts";
import { estimateOf } from "./estimate/estimate.ts";
import { explainFailure } from "./failure/explain-failure.ts";
import { fitOf } from "./fit/fit.ts";
import { offerFindings } from "./fit/offer.ts";
import { jobOf } from "./job/job.ts";
import { nextCommands } from "./job/next-commands.ts";
import { jobLine } from "./job/title.ts";
import { checkOptions, type YoloOptions } from "./options/options.ts";
import { resultsOf } from "./options/results.ts";
import { settingsOf } from "./options/settings.ts";
import { progressReader } from "./progress/progress.ts";
import { readyCheck } from "./ready-check.ts";

/**
 * Ultralytics YOLO. Options are the arguments of `yolo train` under their own names, `version`, the Ultralytics to train
 * with, and what is brought along: `pip`, `code`, `track`. Reads and writes nothing. Throws `INVALID_OPTIONS` that names the first wrong option.
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
    hooks: { readyCheck: readyCheck(checked) },
    describe: () => ({
      job: jobLine(checked),
      ...resultsOf(checked),
      settings: settingsOf(checked, options),
    }),
    check: async (source, context) => {
      const { checkAll } = await import("./check-all.ts");
      return checkAll(source, checked, context);
    },
    diskBytes: environmentBytes,
    estimate: (input) => estimateOf(checked, input),
    fitsOffer: ({ quote }) => offerFindings(checked, quote),
    fit: (input) => fitOf(checked, input),
    environment: (facts) => environmentOf(checked, facts),
    job: (input) => jobOf(checked, input),
    progress: (input) => progressReader(checked, input),
    artifacts: artifactRules(checked),
    nextCommands: (result) => nextCommands(checked.task, result),
    explainFailure: (training) => explainFailure(training),
  });
}

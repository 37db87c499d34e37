import type { CallContext, DataSource, DatasetReport } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { weightsToShip } from "../options/weights.ts";
import { checkLabelled } from "./check-labelled.ts";
import { checkClassFolders } from "./classify/check.ts";
import { Findings } from "./findings.ts";
import { manifestOf } from "./manifest.ts";
import { Pace } from "./pace.ts";

/** Looks through a dataset on this computer and lays out what is shipped of it. Writes nothing. */
export async function checkDataset(
  source: DataSource,
  options: CheckedOptions,
  context: Pick<CallContext, "signal" | "progress">,
): Promise<DatasetReport> {
  const weights = await weightsToShip(options);
  const findings = new Findings();
  const pace = new Pace(context.signal, context.progress);
  const { task } = options;
  const checked =
    task === "classify"
      ? await checkClassFolders(source, options, findings, pace)
      : await checkLabelled(source, task, options, findings, pace);
  return {
    manifest: manifestOf([...checked.few, ...weights], checked.many),
    summary: checked.summary,
    ...(checked.classes === undefined ? {} : { classes: checked.classes }),
    findings: findings.all(),
    location: checked.location,
  };
}

import { defineFramework, type Framework } from "@unitrain/core/spec";
import { artifacts } from "./artifacts.ts";
import { checkDataset } from "./dataset.ts";
import { type AcmeNameOptions, readOptions } from "./options.ts";
import { createReader, explainFailure } from "./progress.ts";
import { createJob, describeEnvironment } from "./training.ts";

/**
 * Creates a framework that trains Acme Name.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for an unknown or invalid option.
 */
export function acmeName(options: AcmeNameOptions = {}): Framework {
  const { rounds } = readOptions(options);
  return defineFramework({
    name: "acme-name",
    // How another process creates this framework, to continue a run.
    recipe: { module: "unitrain-framework-acme-name", exportName: "acmeName", options, secrets: [] },
    // 9. The disk space that a training needs beside its dataset, and how it is shown in the plan and on screens.
    diskBytes: 10_000_000,
    describe: () => ({
      job: `acme-name rounds=${rounds}`,
      folder: "runs/acme-name",
      settings: [{ name: "rounds", value: rounds, isExplicit: options.rounds !== undefined }],
      metrics: {
        columns: [{ key: "error", label: "error", role: "score" }],
        deciding: { key: "error", better: "lower" },
      },
    }),
    check: checkDataset,
    environment: describeEnvironment,
    job: (input) => createJob(input, rounds),
    progress: createReader,
    artifacts,
    explainFailure,
  });
}

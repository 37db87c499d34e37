import type { FoundDataset, InitSupport, ProposedOption } from "@unitrain/core/spec";
import { getDefaultModel } from "../../options/default-model.ts";
import { isTaskName, type Task, tasks } from "../../options/tasks.ts";
import { testedVersion } from "../../options/version.ts";
import { findConversion } from "./find-conversion.ts";
import { findFiles } from "./find-files.ts";

/** What `unitrain init` looks for: datasets and weights, and what it writes for them. */
export const init: InitSupport = {
  findDatasets: async (folder) => (await findFiles(folder)).datasets,
  proposeOptions: async ({ folder, dataset, flagValues }): Promise<readonly ProposedOption[]> => {
    const [foundModel] = (await findFiles(folder)).models;
    const model =
      text(flagValues.model) ?? foundModel ?? getDefaultModel(chooseTaskFor(dataset), testedVersion);
    const epochs = typeof flagValues.epochs === "number" ? flagValues.epochs : 50;
    return [
      { name: "model", value: model, question: "Which model to begin with?" },
      { name: "epochs", value: epochs, question: "How many epochs?" },
    ];
  },
  deriveOptions: ({ model }) => ({ imgsz: /-cls[-.]/.test(String(model)) ? 224 : 640 }),
  trainComment: 'Arguments of "yolo train" under their own names.',
  optionalOptions: ["batch: 16,"],
  optionalLines: [
    'ultralytics: "8.4.190", // instead of the version that unitrain is tested with',
    'pip: ["albumentations"], // what else to install',
    'code: "./src", // your own Python code, uploaded',
    'track: "wandb", // or "tensorboard"',
  ],
  findConversion,
};

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function chooseTaskFor(dataset: FoundDataset | undefined): Task {
  const kind = dataset?.kind;
  return tasks.find((task) => isTaskName(kind) && task === kind) ?? "detect";
}

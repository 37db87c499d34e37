/** What `init` was told, or found. */
export interface Choices {
  /** As it is to stand in the file; undefined when none was found or named. */
  readonly data: string | undefined;
  readonly model: string;
  readonly epochs: number;
  readonly on: string;
}

/** The configuration file as `init` writes it: what was chosen, and as comments what else there is. */
export function configText({ data, model, epochs, on }: Choices): string {
  const text = JSON.stringify;
  return `import { defineConfig } from "@unitrain/cli";

// Words and flags on the command line beat what stands here: unitrain train epochs=100 --on local
// "unitrain plan" shows which value comes from where.
export default defineConfig({
  // The dataset: its folder, or its data.yaml.
  ${data === undefined ? 'data: "./my-dataset", // name yours' : `data: ${text(data)},`}

  // The machine: "local", "ssh://user@host:port", an alias of ~/.ssh/config, "canopywave", a package.
  on: ${text(on)},

  // Arguments of "yolo train" under their own names.
  train: {
    model: ${text(model)},
    epochs: ${epochs},
    imgsz: ${/-cls[-.]/.test(model) ? 224 : 640},
    // batch: 16,
  },

  // ultralytics: "8.4.190", // instead of the version that unitrain is tested with
  // pip: ["albumentations"], // what else to install
  // code: "./src", // your own Python code, brought along
  // env: { OMP_NUM_THREADS: "4" }, // variables, nothing secret
  // secrets: ["WANDB_API_KEY"], // names only; values are taken from the environment
  // track: "wandb", // or "tensorboard"

  // maxHours: 8, // stopped then, and its best model downloaded
  // budget: 10, // dollars in all, on a rented machine
  // out: "./results", // by default runs/<task>/<name>
});
`;
}

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createProcessContext, main } from "@unitrain/cli";
import { drawDataset, getDemoFolder, images } from "./dataset.ts";
import { drawPredictions, findTrainedModel } from "./predictions.ts";

/** Trains from scratch in a minute on two cores, without a download. Displayed in these lines. */
const recipe = [
  "model=yolo11n.yaml epochs=12 imgsz=128 batch=8 optimizer=AdamW lr0=0.003",
  "warmup_epochs=0 mosaic=0 close_mosaic=0 device=cpu workers=0",
  "plots=False amp=False",
];

const noPython = `The demo needs Python, but there is no python3 on this computer.
Install Python 3.10 or newer (Debian, Ubuntu: apt-get install python3-venv).`;

const nextSteps = `
Next, train on your own images (a folder with a data.yaml, as for YOLO):
  npm run unitrain -- plan /path/to/dataset              checks it
  npm run unitrain -- train /path/to/dataset epochs=50   trains on it`;

process.exit(await demo());

async function demo(): Promise<number> {
  if (spawnSync("python3", ["--version"]).status !== 0) {
    console.error(noPython);
    return 1;
  }
  const data = getDemoFolder();
  const { isDrawn } = await drawDataset(data);
  const name = `shapes-${randomBytes(2).toString("hex")}`;
  const out = join("runs", "detect", name);
  const action = isDrawn ? "Drew" : "Using";
  console.error(`${action} ${images.train} + ${images.val} images of circles and squares in\n  ${data}\n`);
  console.error(`${[`$ unitrain train "${data}" --name ${name}`, ...recipe].join(" \\\n    ")}\n`);

  const words = recipe.flatMap((line) => line.split(" "));
  const flags = ["--on", "local", "--name", name, "--out", out];
  const exitCode = await main(["train", data, ...words, ...flags], createProcessContext());
  if (exitCode !== 0) return exitCode;

  const sheet = join(out, "validation-predictions.jpg");
  console.error("\nDrawing predictions of the new model on the validation images ...");
  const sentence = await drawPredictions(await findTrainedModel(name), join(data, "images", "val"), sheet);
  console.log(`Image  ${sheet}\n       ${sentence}\n${nextSteps}`);
  return 0;
}

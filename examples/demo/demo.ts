import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join, relative } from "node:path";
import { main, processSurroundings } from "@unitrain/cli";
import { demoFolder, drawDataset, pictures } from "./dataset.ts";
import { drawPredictions, trainedBy } from "./predictions.ts";

/** A recipe that learns in a minute on two cores, from nothing and without a download. */
const recipe =
  "model=yolo11n.yaml epochs=12 imgsz=128 batch=8 optimizer=AdamW lr0=0.003 warmup_epochs=0 mosaic=0 close_mosaic=0 device=cpu workers=0 plots=False amp=False";

process.exit(await demo());

async function demo(): Promise<number> {
  const python = spawnSync("python3", ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"], {
    encoding: "utf8",
  });
  if (python.status !== 0) {
    console.error(
      "The demo needs Python: there is no python3 on this computer that runs.\nInstall Python 3.10 or newer (Debian, Ubuntu: apt-get install python3-venv) and try again.",
    );
    return 1;
  }
  const data = demoFolder();
  const { drawn } = await drawDataset(data);
  const name = `shapes-${randomBytes(2).toString("hex")}`;
  const out = join("runs", "detect", name);
  console.error(
    `${drawn ? "Drawn" : "Drawn before"}: ${pictures.train} + ${pictures.val} pictures of circles and squares, in ${data}\n`,
  );
  console.error(`$ unitrain train "${data}" --name ${name} ${recipe}\n`);
  const exitCode = await main(
    ["train", data, ...recipe.split(" "), "--on", "local", "--name", name, "--out", out],
    processSurroundings(),
  );
  if (exitCode !== 0) return exitCode;
  const sheet = join(out, "validation-predictions.jpg");
  console.error("\nDrawing what the new model finds on the pictures it did not learn from ...");
  const sentence = await drawPredictions(await trainedBy(name), join(data, "images", "val"), sheet);
  console.log(`Picture  ${relative(process.cwd(), sheet)}   ${sentence}`);
  console.log(nextSteps);
  return 0;
}

const nextSteps = `
Next, with pictures of your own (a folder with a data.yaml, as YOLO's users have it):
  npm run unitrain -- plan /path/to/it               checks it, starts nothing
  npm run unitrain -- train /path/to/it epochs=50    trains, and brings the model home`;

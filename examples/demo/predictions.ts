import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openRuns } from "@unitrain/core";

/** A run's model, and the Python that trained it. */
export interface TrainedModel {
  readonly model: string;
  readonly python: string;
}

/** Finds the model and Python in the events of a completed run. */
export async function findTrainedModel(name: string): Promise<TrainedModel> {
  await using run = await openRuns().attach(name, { as: "follower" });
  let python = "python3";
  let model = join(run.paths.out, "weights", "best.pt");
  for await (const event of run.events) {
    // If the computer's own Ultralytics was used, its Python is the default one.
    if (event.type === "environment") python = findPython(event.folder);
    if (event.type === "artifact" && event.role === "model") model = event.localPath;
  }
  return { model, python };
}

/** Draws the model's predictions on the images of a folder; resolves with a sentence about them. */
export async function drawPredictions(
  { model, python }: TrainedModel,
  images: string,
  sheet: string,
): Promise<string> {
  const program = fileURLToPath(new URL("./predictions.py", import.meta.url));
  const { stdout } = await promisify(execFile)(python, [program, model, images, sheet], {
    maxBuffer: 16_000_000,
  });
  return stdout.trim().split("\n").at(-1) ?? "";
}

function findPython(environment: string): string {
  const environmentPython = join(environment, "bin", "python");
  return existsSync(environmentPython) ? environmentPython : "python3";
}

import { expect, it } from "vitest";
import { isWrittenByUser } from "./user-files.ts";

it.each(["predictions.json", "runs/detect/train/results.csv", "out/a.txt", "notes/b.npy", "mine.pt"])(
  "%s counts as written by the user",
  (path) => {
    expect(isWrittenByUser(path)).toBe(true);
  },
);

it.each([
  "data.yaml",
  "config/Ultralytics/settings.json",
  "customize/unitrain_customize.py",
  "matplotlib/fontlist-v390.json",
  "yolo11n.pt",
  "weights/yolo26n.pt",
  ".saving-123/last.pt",
  "Arial.ttf",
  "labels.cache",
  "lib/__pycache__/x.cpython-312.pyc",
])("%s does not count as written by the user", (path) => {
  expect(isWrittenByUser(path)).toBe(false);
});

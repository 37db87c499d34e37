import type { Quote } from "@unitrain/core/spec";
import { expect, test } from "vitest";
import { checkOptions, type YoloOptions } from "../options/options.ts";
import { estimateTraining } from "./estimate.ts";

const quote: Quote = {
  machine: "H100-1",
  priceUsdPerHour: 2.25,
  upfrontUsd: 0,
  otherUsdPerHour: 0,
  billingTickSeconds: 60,
  gpus: 1,
  available: "yes",
  interruptible: false,
  bootSeconds: { likely: 90, high: 240 },
  reference: null,
};
const likely = (options: YoloOptions, more: Partial<Quote> = {}, files = 10_000) =>
  estimateTraining(checkOptions(options), { quote: { ...quote, ...more }, data: { files, bytes: 1e9 } })
    .secondsPerEpoch.likely;

test("the estimate grows with the number and size of images and the model, and shrinks with more GPUs", () => {
  const base = likely({ model: "yolo11n.pt" });
  expect(likely({ model: "yolo11n.pt" }, {}, 20_000)).toBeGreaterThan(base * 1.8);
  expect(likely({ model: "yolo11n.pt", imgsz: 1280 })).toBeGreaterThan(base * 3);
  expect(likely({ model: "yolo11x.pt" })).toBeGreaterThan(base * 4);
  expect(likely({ model: "yolo11x-seg.pt" })).toBe(likely({ model: "yolo11x.pt" }));
  expect(likely({ model: "yolo11n.pt" }, { gpus: 4 })).toBeLessThan(base / 2);
  expect(likely({ model: "yolo11n.pt" }, { gpus: 0, cpus: 16 })).toBeGreaterThan(base * 10);
});

test("the estimate uses the requested epochs or Ultralytics' default, and says that it is a guess", () => {
  const estimateFor = (options: YoloOptions) =>
    estimateTraining(checkOptions(options), { quote, data: { files: 10, bytes: 1 } });
  expect(estimateFor({ epochs: 7 }).epochs).toBe(7);
  expect(estimateFor({}).epochs).toBe(100);
  expect(estimateFor({}).basis).toMatch(/a guess/);
  const { low, likely: middle, high } = estimateFor({}).secondsPerEpoch;
  expect([middle / low, high / middle].map(Math.round)).toEqual([3, 3]);
});

import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findOfferFaults } from "../fit/offer.ts";
import { yolo } from "../yolo.ts";
import { checkOptions, type YoloOptions } from "./options.ts";

const described = (options: YoloOptions) => yolo(options).describe();

describe("the results folder", () => {
  it.each([
    [{}, "runs/detect", undefined],
    [{ task: "segment", name: "first" }, "runs/segment", "first"],
    [{ project: "pallets", name: "first" }, "runs/detect/pallets", "first"],
    [{ project: "a/b" }, "runs/detect/a/b", undefined],
    [{ project: "a/b", version: "8.4.6" }, "runs/detect/a/b", undefined],
    [{ project: "a/b", version: "8.4.5" }, "runs/detect/a/b", undefined],
    [{ project: "a", version: "8.4.5" }, "a", undefined],
    [{ project: "a/b", version: "8.3.249" }, "runs/detect/a/b", undefined],
    [{ project: "a/b", version: "8.3.248" }, "a/b", undefined],
    [{ project: "a", version: "latest" }, "runs/detect/a", undefined],
    [{ project: "/data/results" }, "/data/results", undefined],
    [{ project: "~/results" }, join(homedir(), "results"), undefined],
  ])("for %j is the one of Ultralytics: %s", (options, folder, name) => {
    expect(described(options)).toMatchObject({ folder });
    expect(described(options).name).toBe(name);
  });

  it("can be overwritten with exist_ok=True, which is not passed to the machine", () => {
    expect(described({}).overwrites).toBe(false);
    expect(described({ exist_ok: "True" }).overwrites).toBe(true);
    expect(checkOptions({ exist_ok: true }).arguments).toEqual({});
  });

  it("needs more space for larger models and for saved checkpoints", () => {
    const bytes = (options: YoloOptions) => described(options).resultBytes ?? 0;
    expect(bytes({})).toBeLessThan(50e6);
    expect(bytes({ model: "yolo11x.pt" })).toBeGreaterThan(200e6);
    expect(bytes({ save_period: 10, epochs: 100 })).toBeGreaterThan(bytes({}) + 200e6);
  });
});

describe("an offered machine", () => {
  const quote = (gpus: number | "unknown") => ({ machine: "this computer", gpus }) as never;
  const messages = (options: YoloOptions, gpus: number | "unknown") =>
    findOfferFaults(checkOptions(options), quote(gpus)).map(({ message }) => message);

  it.each([
    [{ device: 0 }, 0, "device names GPU 0, but this computer has no GPU (they count from 0)."],
    [{ device: "0,1" }, 1, "device names GPU 1, but this computer has only 1 (they count from 0)."],
    [{ device: -1 }, 0, "device asks for a GPU (-1 is any idle one), but this computer has no GPU."],
    [{ device: "cuda" }, 0, "device asks for a GPU, but this computer has no GPU."],
    [{ device: "cuda:0" }, 0, "device names GPU 0, but this computer has no GPU (they count from 0)."],
  ])("is refused for %j with %i GPUs", (options, gpus, message) => {
    expect(messages(options, gpus)).toEqual([message]);
  });

  it.each([
    [{}, 0],
    [{ device: "cpu" }, 0],
    [{ device: "mps" }, 0],
    [{ device: 0 }, 1],
    [{ device: "0,1" }, "unknown" as const],
  ])("is accepted for %j with %s GPUs", (options, gpus) => {
    expect(messages(options, gpus)).toEqual([]);
  });
});

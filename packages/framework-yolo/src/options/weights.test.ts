import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder, tinyModel, write } from "../__fixtures__/drawn-set.ts";
import { checkOptions, type YoloOptions } from "./options.ts";
import { weightsToShip } from "./weights.ts";

const shipped = (options: YoloOptions) => weightsToShip(checkOptions(options));

describe("weights", () => {
  it("of this computer are shipped under the argument that names them", async () => {
    const folder = temporaryFolder();
    const model = write(join(folder, "a", "best.pt"), tinyModel);
    const teacher = write(join(folder, "b", "best.pt"), tinyModel);
    expect(await shipped({ model, distill_model: teacher })).toEqual([
      { path: "model/best.pt", from: { file: model }, sizeBytes: tinyModel.length },
      { path: "distill_model/best.pt", from: { file: teacher }, sizeBytes: tinyModel.length },
    ]);
  });

  it("lose what Ultralytics cannot have in their names", async () => {
    const model = write(join(temporaryFolder(), "o'brien's [best].pt"), tinyModel);
    expect(await shipped({ model })).toMatchObject([
      { path: "model/o_brien_s__best_.pt", from: { file: model } },
    ]);
  });

  it("may be the structure of a model", async () => {
    const model = write(join(temporaryFolder(), "yolo11-mine.yaml"), "nc: 2");
    expect(await shipped({ model })).toMatchObject([{ path: "model/yolo11-mine.yaml" }]);
  });

  it.each([
    "yolo11n.pt",
    "yolo11n.yaml",
    "yolov8s-world.pt",
    "rtdetr-l.pt",
    "yolov10n",
    "https://example.com/x.pt",
  ])("called %s are left to the machine", async (model) => {
    expect(await shipped({ model })).toEqual([]);
  });

  it("leaves pretrained=False alone", async () => {
    expect(await shipped({ model: "yolo11n.yaml", pretrained: false })).toEqual([]);
  });

  it.each([
    ["best.pt", "is not there"],
    ["./yolo11n.pt", "is not there"],
    ["nets/mine.yaml", "is not there"],
    ["model.onnx", "is neither weights"],
    ["sam_b.pt", "cannot be trained"],
    ["yolo_nas_s.pt", "cannot be trained"],
  ])("called %s are refused: %s", async (model, why) => {
    await expect(shipped({ model })).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", message: expect.stringContaining(why) }),
    );
  });

  it.each([
    ["empty", Buffer.alloc(0)],
    ["cut off", tinyModel.subarray(0, 1500)],
    ["a web page", Buffer.from("<!DOCTYPE html>")],
  ])("that are %s are refused", async (_what, content) => {
    const model = write(join(temporaryFolder(), "best.pt"), content);
    await expect(shipped({ model })).rejects.toThrow("is no whole model");
  });
});

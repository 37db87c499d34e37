import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createTemporaryFolder, tinyModel, write } from "../../test/drawn-set.ts";
import { checkOptions, type YoloOptions } from "./options.ts";
import { listWeightsToShip } from "./weights.ts";

const shipped = (options: YoloOptions) => listWeightsToShip(checkOptions(options));

describe("weights", () => {
  it("on this computer are shipped in a folder with the name of their argument", async () => {
    const folder = createTemporaryFolder();
    const model = write(join(folder, "a", "best.pt"), tinyModel);
    const teacher = write(join(folder, "b", "best.pt"), tinyModel);
    expect(await shipped({ model, distill_model: teacher })).toEqual([
      { path: "model/best.pt", from: { file: model }, sizeBytes: tinyModel.length },
      { path: "distill_model/best.pt", from: { file: teacher }, sizeBytes: tinyModel.length },
    ]);
  });

  it("are renamed when Ultralytics cannot read their name", async () => {
    const model = write(join(createTemporaryFolder(), "o'brien's [best].pt"), tinyModel);
    expect(await shipped({ model })).toMatchObject([
      { path: "model/o_brien_s__best_.pt", from: { file: model } },
    ]);
  });

  it("can be a yaml that describes a model", async () => {
    const model = write(join(createTemporaryFolder(), "yolo11-mine.yaml"), "nc: 2");
    expect(await shipped({ model })).toMatchObject([{ path: "model/yolo11-mine.yaml" }]);
  });

  it.each([
    "yolo11n.pt",
    "yolo11n.yaml",
    "yolov8s-world.pt",
    "rtdetr-l.pt",
    "yolov10n",
    "https://example.com/x.pt",
  ])("named %s are left to the machine", async (model) => {
    expect(await shipped({ model })).toEqual([]);
  });

  it("are not shipped for pretrained=False", async () => {
    expect(await shipped({ model: "yolo11n.yaml", pretrained: false })).toEqual([]);
  });

  it.each([
    ["best.pt", "does not exist"],
    ["./yolo11n.pt", "does not exist"],
    ["nets/mine.yaml", "does not exist"],
    ["model.onnx", "is neither weights"],
    ["sam_b.pt", "cannot be trained"],
    ["yolo_nas_s.pt", "cannot be trained"],
  ])("named %s are refused: %s", async (model, message) => {
    await expect(shipped({ model })).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ["empty", Buffer.alloc(0)],
    ["truncated", tinyModel.subarray(0, 1500)],
    ["a web page", Buffer.from("<!DOCTYPE html>")],
  ])("that are %s are refused", async (_what, content) => {
    const model = write(join(createTemporaryFolder(), "best.pt"), content);
    await expect(shipped({ model })).rejects.toThrow("is not a complete model");
  });

  it.each([
    ["Segment26, [nc, 32, 256]", "segment"],
    ["OBB, [nc, 1]", "obb"],
    ["Classify, [nc]", "classify"],
    ["v10Pose, [nc]", "pose"],
  ])("described for another task are refused: %s", async (module, task) => {
    const text = `nc: 2\nbackbone: []\nhead:\n  - [-1, 1, Conv, [64]]\n  - [[1, 2], 1, ${module}]\n`;
    const model = write(join(createTemporaryFolder(), "mine.yaml"), text);
    await expect(shipped({ model })).rejects.toThrow(
      `mine.yaml is a model for ${task}, but the task is detect.`,
    );
    expect(await shipped({ model, task: task as "pose" })).toHaveLength(1);
  });

  it("trained for another task are refused by their content", async () => {
    const model = write(join(createTemporaryFolder(), "best.pt"), getModel("segment"));
    await expect(shipped({ model })).rejects.toThrow(
      "best.pt is a model for segment, but the task is detect.",
    );
    expect(await shipped({ model, task: "segment" })).toHaveLength(1);
  });
});

/** Writes a model as torch does: a zip whose entries are stored without compression. */
function getModel(task: string): Buffer {
  const pickle = `(X\x04\0\0\0taskq\x01X${String.fromCharCode(task.length)}\0\0\0${task}q\x02`;
  const files = { "best/data.pkl": pickle, "best/data/0": "0", "best/version": "3" };
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text, "latin1");
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc32(content), 10);
    head.writeUInt32LE(content.length, 14);
    head.writeUInt32LE(content.length, 18);
    head.writeUInt16LE(name.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name), content]);
    directory.push(Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), head, tail, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(3, 4);
  end.writeUInt16LE(3, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, ...directory, Buffer.from("PK\x05\x06"), end]);
}

import { UnitrainError } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { checkOptions, type YoloOptions } from "./options.ts";

const refused = (options: Record<string, unknown>): UnitrainError => {
  try {
    checkOptions(options as YoloOptions);
  } catch (error) {
    if (UnitrainError.isInstance(error)) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(options)} was taken.`);
};

describe("options", () => {
  it("takes the arguments of yolo train, in the order given, and sorts ours out", () => {
    const checked = checkOptions({ model: "yolo11n.yaml", lr0: 0.003, epochs: 12, version: "8.4.190" });
    expect(checked).toMatchObject({ model: "yolo11n.yaml", task: "detect", version: "8.4.190" });
    expect(Object.keys(checked.arguments)).toEqual(["lr0", "epochs"]);
  });

  it("begins with yolo11n.pt, and leaves all else to Ultralytics", () => {
    expect(checkOptions({})).toEqual({
      version: undefined,
      task: "detect",
      model: "yolo11n.pt",
      arguments: {},
    });
  });

  it("reads text as Ultralytics' own command line does", () => {
    const options = {
      epochs: "12",
      plots: "False",
      amp: "bf16",
      batch: "0.7",
      device: "0,1",
      scale: "(0.5, 1.5)",
      classes: "[0, 2]",
      time: "None",
      rect: 1,
    } as unknown;
    expect(checkOptions(options as YoloOptions).arguments).toEqual({
      epochs: 12,
      plots: false,
      amp: "bf16",
      batch: 0.7,
      device: "0,1",
      scale: [0.5, 1.5],
      classes: [0, 2],
      time: null,
      rect: true,
    });
  });

  it.each([
    ["epoch", "epochs"],
    ["image_size", "imgsz"],
    ["batch-size", "batch"],
    ["Epochs", "epochs"],
    ["weigth_decay", "weight_decay"],
    ["gpu", "device"],
  ])("does not know %s, and thinks of %s", (key, meant) => {
    const error = refused({ [key]: 1 });
    expect(error).toMatchObject({ code: "INVALID_OPTIONS", hint: `Did you mean ${meant}?` });
    expect(error.message).toContain(key);
  });

  it("guesses nothing for a word that is like none", () => {
    expect(refused({ zzzzzzzzzz: 1 }).hint).not.toContain("Did you mean");
  });

  it.each(["data", "project", "name", "exist_ok", "save_dir", "resume", "mode", "cfg"])(
    "keeps %s to itself, and says what to do instead",
    (key) => {
      const error = refused({ [key]: "x" });
      expect(error.message).toMatch(new RegExp(`^${key} cannot be set: .+\\.$`));
      expect(error.hint).toMatch(/\.$/);
    },
  );

  it("refuses what belongs to yolo predict and export", () => {
    expect(refused({ source: "x.jpg" }).message).toContain("predict");
    expect(refused({ format: "onnx" }).message).toContain("export");
  });

  it.each([
    [{ epochs: 0 }],
    [{ epochs: -1 }],
    [{ epochs: 1.5 }],
    [{ epochs: "ten" }],
    [{ epochs: null }],
    [{ imgsz: 0 }],
    [{ imgsz: "640px" }],
    [{ batch: 0 }],
    [{ batch: 1.5 }],
    [{ batch: -2 }],
    [{ workers: -1 }],
    [{ lr0: 2 }],
    [{ plots: "yes" }],
    [{ plots: 2 }],
    [{ optimizer: "" }],
    [{ patience: "" }],
    [{ device: {} }],
    [{ version: "new" }],
    [{ version: "8.4.190; rm -rf /" }],
    [{ model: null }],
    [{ epochs: Number.NaN }],
    [{ epochs: [1] }],
  ])("refuses %j and names it", (options) => {
    const error = refused(options);
    expect(error.code).toBe("INVALID_OPTIONS");
    expect(error.message).toContain(Object.keys(options)[0]);
  });

  it.each([
    [{ task: "segment" }, "segment"],
    [{ model: "yolo11n-seg.pt" }, "segment"],
    [{ model: "runs/yolo11x-pose.yaml" }, "pose"],
    [{ model: "yolov8x-pose-p6.pt" }, "pose"],
    [{ model: "yolo26n-cls.pt" }, "classify"],
    [{ model: "yolo11n-obb" }, "obb"],
  ])("does not train %j yet, and says so", (options, task) => {
    expect(refused(options).message).toContain(`The task ${task} cannot be trained yet`);
  });

  it("knows when a task is none at all", () => {
    expect(refused({ task: "fly" }).message).toBe('task "fly" is none of YOLO\'s.');
  });

  it("is not misled by names of models that only look like tasks", () => {
    expect(checkOptions({ model: "my-poses.pt" }).task).toBe("detect");
    expect(checkOptions({ model: "best-cls-free/best.pt" }).task).toBe("detect");
    expect(checkOptions({ model: "yolo11n-seg.pt", task: "detect" }).task).toBe("detect");
  });
});

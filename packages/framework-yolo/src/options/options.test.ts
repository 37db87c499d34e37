import { UnitrainError } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { checkOptions, type YoloOptions } from "./options.ts";
import { includesUltralytics } from "./packages.ts";
import { parseOptions } from "./parse-options.ts";

const catchError = (options: Record<string, unknown>): UnitrainError => {
  try {
    checkOptions(options as YoloOptions);
  } catch (error) {
    if (UnitrainError.isInstance(error)) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(options)} was taken.`);
};

describe("options", () => {
  it("keeps the arguments of yolo train in order, and separates those of unitrain", () => {
    const checked = checkOptions({ model: "yolo11n.yaml", lr0: 0.003, epochs: 12, version: "8.4.190" });
    expect(checked).toMatchObject({ model: "yolo11n.yaml", task: "detect", version: "8.4.190" });
    expect(Object.keys(checked.arguments)).toEqual(["lr0", "epochs"]);
  });

  it("uses yolo11n.pt by default, and leaves the other defaults to Ultralytics", () => {
    expect(checkOptions({})).toEqual({
      version: "8.4.190",
      isVersionSet: false,
      task: "detect",
      model: "yolo11n.pt",
      pip: [],
      skipBad: false,
      strict: false,
      code: undefined,
      codeInclude: [],
      trainer: undefined,
      validator: undefined,
      callbacks: undefined,
      track: [],
      overwrites: false,
      arguments: {},
      warnings: [],
    });
  });

  it("parses text as the command line of Ultralytics does", () => {
    const options = {
      epochs: "12",
      plots: "False",
      amp: "bf16",
      batch: "16",
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
      batch: 16,
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
  ])("refuses %s, and suggests %s", (key, suggestion) => {
    const error = catchError({ [key]: 1 });
    expect(error).toMatchObject({ code: "INVALID_OPTIONS", hint: `Did you mean ${suggestion}?` });
    expect(error.message).toContain(key);
  });

  it("suggests nothing for a word that resembles none", () => {
    expect(catchError({ zzzzzzzzzz: 1 }).hint).not.toContain("Did you mean");
  });

  it.each(["data", "nnodes", "save_dir", "resume", "mode", "cfg"])(
    "refuses %s, which unitrain sets itself, with a hint",
    (key) => {
      const error = catchError({ [key]: "x" });
      expect(error.message).toMatch(new RegExp(`^${key} cannot be set: .+\\.$`));
      expect(error.hint).toMatch(/\.$/);
    },
  );

  it("refuses arguments of yolo predict and export", () => {
    expect(catchError({ source: "x.jpg" }).message).toContain("predict");
    expect(catchError({ format: "onnx" }).message).toContain("export");
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
  ])("refuses %j and names the argument", (options) => {
    const error = catchError(options);
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
    [{ model: "my-poses.pt" }, "detect"],
    [{ model: "best-cls-free/best.pt" }, "detect"],
    [{ model: "yolov8s-world.pt", task: "detect" }, "detect"],
    [{ model: "mine.pt", task: "segment" }, "segment"],
  ])("derives from %j the task %s", (options, task) => {
    expect(checkOptions(options).task).toBe(task);
  });

  it.each([
    [{ task: "segment" }, "yolo11n-seg.pt"],
    [{ task: "pose" }, "yolo11n-pose.pt"],
    [{ task: "obb" }, "yolo11n-obb.pt"],
    [{ task: "classify" }, "yolo11n-cls.pt"],
    [{ task: "classify", version: "8.2.100" }, "yolov8n-cls.pt"],
    [{ version: "latest" }, "yolo11n.pt"],
  ])("derives from %j the model %s", (options, model) => {
    expect(checkOptions(options).model).toBe(model);
  });

  it("refuses a model for another task, which Ultralytics would train instead", () => {
    const error = catchError({ model: "yolo11n-seg.pt", task: "detect" });
    expect(error.message).toBe("yolo11n-seg.pt is a model for segment, but the task is detect.");
    expect(error.hint).toBe("Use task=segment, or a model for detect.");
    expect(catchError({ model: "yolo11n.pt", task: "pose" }).message).toContain("is a model for detect");
  });

  it("refuses unknown tasks, and tasks that unitrain cannot train", () => {
    expect(catchError({ task: "fly" }).message).toBe("task=fly is not a task of YOLO.");
    expect(catchError({ model: "yolo26n-sem.pt" }).message).toContain("The task semantic cannot be trained");
    expect(catchError({ task: "depth" }).hint).toContain("detect, segment, pose, obb, classify");
  });

  it.each([
    [{ task: "detect", kobj: 2 }, "kobj=2 does nothing in a detect training: it belongs to pose."],
    [{ task: "pose", mask_ratio: 2 }, "mask_ratio=2 does nothing in a pose training: it belongs to segment."],
    [{ task: "detect", erasing: 0.3 }, "it belongs to classify."],
    [{ task: "classify", mosaic: 0.5 }, "it belongs to detect, segment, pose, obb."],
    [{ task: "segment", angle: 1 }, "it belongs to obb."],
    [{ dlog: 1 }, "it belongs to depth, which unitrain does not train."],
  ])("warns about %j, which has no effect but which Ultralytics accepts", (options, message) => {
    expect(checkOptions(options).warnings).toEqual([expect.stringContaining(message)]);
  });

  it("does not warn about arguments that are switched off or belong to the task", () => {
    expect(checkOptions({ task: "classify", mosaic: 0, dropout: 0.2 }).arguments).toEqual({
      mosaic: 0,
      dropout: 0.2,
    });
    expect(checkOptions({ model: "yolo11n-pose.pt", kobj: 2 })).toMatchObject({
      arguments: { kobj: 2 },
      warnings: [],
    });
  });

  it("passes project and name on for trackers", () => {
    expect(checkOptions({ project: "pallets", name: "first" }).arguments).toEqual({
      project: "pallets",
      name: "first",
    });
  });

  it.each([
    [{ device: "0,1", batch: -1 }, "automatic"],
    [{ device: [0, 1], batch: 0.7 }, "automatic"],
    [{ device: "0,1,2", batch: 16 }, "evenly among 3"],
    [{ device: "0,0" }, "GPU 0 twice"],
  ])("refuses %j, which does not work with several GPUs", (options, message) => {
    expect(catchError(options).message).toContain(message);
  });

  it("accepts automatic batches for one GPU", () => {
    expect(checkOptions({ device: 0, batch: -1 }).arguments.batch).toBe(-1);
    expect(checkOptions({ device: "0,1", batch: 16 }).arguments.batch).toBe(16);
  });
});

describe("the version", () => {
  it.each([["8.4.190"], ["8.0.140"], ["latest"], ["9.0.1"]])("can be %s", (version) => {
    expect(checkOptions({ version })).toMatchObject({ version, isVersionSet: true });
  });

  it("is refused when it is too old", () => {
    expect(catchError({ version: "8.0.100" }).message).toContain("not supported");
  });
});

describe("packages", () => {
  it("are sorted, so that their order does not change the environment", () => {
    expect(checkOptions({ pip: ["timm==1.0.9", "albumentations>=2", "timm==1.0.9"] }).pip).toEqual([
      "albumentations>=2",
      "timm==1.0.9",
    ]);
    expect(checkOptions(parseOptions(["pip=albumentations"])).pip).toEqual(["albumentations"]);
  });

  it.each([
    "git+https://github.com/me/ultralytics.git@mine",
    "ultralytics @ https://example.com/u.zip",
    "git+ssh://git@example.com/me/nets",
    "opencv-python[extra]<5; python_version<'3.13'",
  ])("can be %s", (requirement) => {
    expect(checkOptions({ pip: [requirement] }).pip).toEqual([requirement]);
  });

  it.each([
    ["--index-url=https://example.com", "is an option"],
    ["git+https://me:t0ken@example.com/me/nets", "token"],
    ["git+https://t0ken@example.com/me/nets", "token"],
    ["./wheels/nets-1.0-py3-none-any.whl", "file of this computer"],
    ["nets-1.0-py3-none-any.whl", "file of this computer"],
    ["nets @ file:///home/me/nets", "file of this computer"],
    ["C:\\nets", "file of this computer"],
  ])("are refused: %s", (requirement, message) => {
    const error = catchError({ pip: [requirement] });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("t0ken");
  });

  it("must be a list of names", () => {
    expect(catchError({ pip: 3 }).code).toBe("INVALID_OPTIONS");
    expect(catchError({ pip: [""] }).code).toBe("INVALID_OPTIONS");
  });

  it.each([
    ["ultralytics", true],
    ["ultralytics==8.3.0", true],
    ["git+https://example.com/me/ultralytics.git@x", true],
    ["git+https://example.com/me/ultralytics", true],
    ["nets @ https://example.com/ultralytics/nets.zip", false],
    ["ultralytics-thop", false],
  ])("%s includes Ultralytics: %s", (requirement, brings) => {
    expect(includesUltralytics([requirement])).toBe(brings);
  });
});

describe("trackers and code", () => {
  it("are accepted by name", () => {
    const checked = checkOptions({ track: ["tensorboard", "wandb"], code: "./src" });
    expect(checked).toMatchObject({ track: ["wandb", "tensorboard"], code: "./src" });
    expect(checkOptions(parseOptions(["track=wandb"])).track).toEqual(["wandb"]);
  });

  it("are refused when they are unknown", () => {
    expect(catchError({ track: ["wandbb"] }).hint).toBe("Did you mean wandb?");
    expect(catchError({ track: ["mlflow"] }).hint).toContain("wandb or tensorboard");
    expect(catchError({ code: "" }).message).toContain("must name a folder");
  });
});

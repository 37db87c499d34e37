import { specVersion } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createQuietContext, createTemporaryFolder, drawSet } from "../test/drawn-set.ts";
import { createFacts } from "../test/machine.ts";
import { parseOptions, yolo } from "./index.ts";
import { testedVersion } from "./options/version.ts";

describe("yolo()", () => {
  it("returns a framework that another process can create from its recipe", () => {
    const options = { model: "yolo11n.yaml", epochs: "12" } as const;
    const framework = yolo(options);
    expect(framework).toMatchObject({
      specVersion,
      name: "yolo",
      recipe: { module: "@unitrain/framework-yolo", exportName: "yolo", options, secrets: [] },
    });
    const again = yolo(JSON.parse(JSON.stringify(framework.recipe?.options)));
    expect(again.describe()).toEqual(framework.describe());
  });

  it("describes itself without accessing files", () => {
    expect(yolo({ epochs: 50, imgsz: 640 }).describe()).toMatchObject({
      job: "detect yolo11n.pt epochs=50 imgsz=640, ultralytics 8.4.190",
      folder: "runs/detect",
      overwrites: false,
      resultBytes: expect.any(Number),
    });
    expect(yolo({ task: "segment" }).describe().folder).toBe("runs/segment");
  });

  it("lists every setting for the record, set or default", () => {
    const framework = yolo(parseOptions(["lr0=0.001", "freeze=10", "patience=5"]));
    expect(framework.describe().settings).toEqual([
      { name: "task", value: "detect", isExplicit: false },
      { name: "model", value: "yolo11n.pt", isExplicit: false },
      { name: "ultralytics", value: testedVersion, isExplicit: false },
      { name: "lr0", value: 0.001, isExplicit: true },
      { name: "freeze", value: 10, isExplicit: true },
      { name: "patience", value: 5, isExplicit: true },
      { name: "epochs", value: 100, isExplicit: false },
      { name: "imgsz", value: 640, isExplicit: false },
      { name: "batch", value: 16, isExplicit: false },
      { name: "optimizer", value: "auto", isExplicit: false },
      { name: "seed", value: 0, isExplicit: false },
    ]);
    expect(yolo({ seed: 7, version: "8.4.190" }).describe().settings).toEqual(
      expect.arrayContaining([
        { name: "seed", value: 7, isExplicit: true },
        { name: "ultralytics", value: "8.4.190", isExplicit: true },
      ]),
    );
  });

  it("accepts parsed options of a command line", () => {
    expect(yolo(parseOptions(["model=yolo11n.yaml", "epochs=2"])).describe().job).toBe(
      "detect yolo11n.yaml epochs=2, ultralytics 8.4.190",
    );
  });

  it("refuses invalid options immediately", () => {
    expect(() => yolo(JSON.parse('{"epoch": 3}'))).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS" }),
    );
    expect(() => yolo(JSON.parse("[]"))).toThrow("takes an object");
  });

  it("checks a dataset, names an environment and returns the needed disk space", async () => {
    const framework = yolo();
    const path = drawSet(createTemporaryFolder(), { train: 1, val: 1 });
    expect((await framework.check({ kind: "local", path }, createQuietContext())).findings).toEqual([]);
    expect(framework.environment(createFacts(0)).key).toMatch(/^[\w.-]+$/);
    expect(framework.diskBytes).toBe(12e9);
  });

  it("refuses a machine without the requested GPU in its readiness check", () => {
    const hook = yolo({ device: 3 }).hooks?.readyCheck;
    expect(hook).toBeTypeOf("function");
  });
});

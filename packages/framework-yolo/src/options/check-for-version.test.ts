import { UnitrainError } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { trainArguments } from "./arguments.ts";
import table from "./arguments-by-version.json" with { type: "json" };
import { checkOptions, type YoloOptions } from "./options.ts";
import { parseOptions } from "./parse-options.ts";
import { findRefusal } from "./refused-arguments.ts";
import { oldestVersion, testedVersion } from "./version.ts";

const check = (...words: readonly string[]) => checkOptions(parseOptions(words));

const catchError = (...words: readonly string[]): string => {
  try {
    check(...words);
  } catch (error) {
    if (UnitrainError.isInstance(error) && error.code === "INVALID_OPTIONS") return error.message;
    throw error;
  }
  throw new Error(`${words.join(" ")} was taken.`);
};

describe("values that Ultralytics refuses", () => {
  it.each([
    ["fraction=1.5", "a number above 0 and up to 1"],
    ["fraction=0", "a number above 0 and up to 1"],
    ["split={}", "the name of a split"],
    ["compile={}", "one of default, reduce-overhead"],
    ["compile=fast", "one of default, reduce-overhead"],
    ["optimizer=Foo", "one of Adam, AdamW"],
    ["copy_paste_mode=paste", "one of flip, mixup"],
    ["classes=abc", "class ids"],
    ["classes=[0,-1]", "class ids"],
    ["cache=yes", "True, False, ram or disk"],
    ["auto_augment=random", "one of augmix, autoaugment, randaugment"],
    ["amp=fp8", "True, False or one of bf16, fp16, fp32"],
    ["quantize=4", "one of 16, 32, 8"],
    ["multi_scale=2", "a number from 0 to 1"],
    ["max_det=0", "a whole number of 1 or more"],
    ["scale=1.5", "a number from 0 to 1"],
    ["scale=-1", "a number from 0 to 1"],
    ["scale=[0.5]", "or two numbers"],
    ["split=None", "the name of a split"],
  ])("%s is refused before a machine is rented", (word, wanted) => {
    const message = catchError("task=classify", "model=yolo11n-cls.yaml", word);
    expect(message).toContain(word.split("=")[0]);
    expect(message).toContain(wanted);
  });

  it.each([
    ["scale=0.9"],
    ["scale=[0.5, 2.0]"],
    ["imgsz=640,480"],
    ["mosaic=True"],
    ["cache=None"],
    ["fraction=1"],
    ["fraction=0.2"],
    ["fraction=200"],
    ["fraction=[100, 20]"],
    ["split=test"],
    ["compile=max-autotune"],
    ["compile=True"],
    ["classes=0"],
    ["classes=0,2"],
    ["classes=[0, 2]"],
    ["classes=None"],
    ["cache=RAM"],
    ["amp=bf16"],
    ["amp=False"],
    ["quantize=16"],
    ["optimizer=auto"],
    ["epochs=1e2"],
    ["multi_scale=True"],
  ])("%s is accepted", (word) => {
    expect(check(word).warnings).toEqual([]);
  });

  it("are written in the spelling of the version", () => {
    expect(check("optimizer=sgd").arguments).toEqual({ optimizer: "SGD" });
    expect(check("optimizer=rmsprop").arguments).toEqual({ optimizer: "RMSprop" });
    expect(check("optimizer=rmsprop", "version=8.3.100").arguments).toEqual({ optimizer: "RMSProp" });
  });
});

describe("for another version", () => {
  it("refuses arguments and values that are missing in a version of the table", () => {
    expect(catchError("optimizer=MuSGD", "version=8.3.100")).toContain("not valid in Ultralytics 8.3.100");
    expect(catchError("cutmix=0.5", "version=8.0.200")).toBe("Ultralytics 8.0.200 does not know cutmix.");
    expect(catchError("fraction=200", "version=8.3.240")).toContain("up to 1");
  });

  it("refuses what both neighboring versions refuse", () => {
    expect(catchError("optimizer=MuSGD", "version=8.3.101")).toContain("not valid in Ultralytics 8.3.101");
  });

  it("warns where the neighboring versions differ", () => {
    expect(check("cutmix=0.5", "version=8.3.110").warnings).toEqual([
      "cutmix=0.5 may be refused by Ultralytics 8.3.110: 8.3.100 does not know cutmix.",
    ]);
  });

  it.each(["latest", "9.1.0"])("newer than the table (%s) only warns", (version) => {
    expect(check("optimizer=Lion", `version=${version}`).warnings).toEqual([
      expect.stringContaining(`may be refused by Ultralytics ${version}: ${testedVersion} wants one of`),
    ]);
  });

  it("only warns for a fork", () => {
    const fork: YoloOptions = { optimizer: "Lion", pip: ["git+https://example.com/me/ultralytics"] };
    expect(checkOptions(fork).warnings).toHaveLength(1);
  });

  it("drops arguments that the version removed, with a warning", () => {
    expect(check("label_smoothing=0.1", `version=${testedVersion}`).warnings).toEqual([
      `label_smoothing=0.1 does nothing in Ultralytics ${testedVersion}, which no longer has it.`,
    ]);
    expect(check("label_smoothing=0.1", "version=8.2.100").warnings).toEqual([]);
  });
});

describe("the table", () => {
  it("covers the oldest to the tested version", () => {
    expect(table.versions[0]).toBe(oldestVersion);
    expect(table.versions.at(-1)).toBe(testedVersion);
  });

  it("lists the same arguments as our own table", () => {
    const knownArguments = Object.keys(table.arguments);
    expect(knownArguments).toEqual(expect.arrayContaining(Object.keys(trainArguments)));
    const old = ["boxes", "hide_conf", "hide_labels", "line_thickness"];
    const unknown = knownArguments.filter(
      (key) => !Object.hasOwn(trainArguments, key) && findRefusal(key) === undefined && !old.includes(key),
    );
    expect(unknown).toEqual([]);
  });
});

import { commandLine } from "@unitrain/framework-yolo/command-line";
import { describe, expect, it } from "vitest";
import { findOption, listOptions, listOptionValues } from "./options.ts";
import { parseOptions } from "./parse-options.ts";

const declared = [
  { name: "rounds", kind: "positive-integer", otherNames: ["epochs"] },
  { name: "rate", kind: "number" },
  { name: "fast", kind: "switch" },
  { name: "mode", choices: ["wide", "deep"] },
] as const;

describe("the options of the default framework", () => {
  it("are suggested for misspelled names and for names of other trainers", async () => {
    const options = await listOptions(commandLine);
    expect(options.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["epochs", "trainer", "validator"]),
    );
    expect(findOption("epochs", options)).toBe("epochs");
    expect(findOption("batch_size", options)).toBe("batch");
    expect(findOption("epocs", options)).toBe("epochs");
    expect(findOption("data", options)).toBe("data");
    expect(findOption("frobnicate", options)).toBeUndefined();
  });

  it("have completions if their values are a fixed list", async () => {
    const options = await listOptions(commandLine);
    const values = (name: string) => listOptionValues(name, options);
    expect(values("optimizer")).toEqual(expect.arrayContaining(["SGD", "AdamW", "auto"]));
    expect(values("model")).toEqual(
      expect.arrayContaining(["yolo11n.pt", "yolo11x-seg.pt", "yolo11n-cls.yaml"]),
    );
    expect(values("cos_lr")).toEqual(["True", "False"]);
    expect(values("epochs")).toEqual([]);
  });
});

describe("the options of a framework that only declares them", () => {
  it("are parsed according to their kinds, and typed words override the configuration", () => {
    const words = ["rounds=7", "rate=-0.5", "fast=True", "mode=deep"];
    expect(parseOptions(words, { rounds: 3, mode: "wide" }, declared)).toEqual({
      ...{ rounds: 7, rate: -0.5, fast: true, mode: "deep" },
    });
    expect(parseOptions([], { rounds: 3, fast: false }, declared)).toEqual({ rounds: 3, fast: false });
  });

  it.each([
    [["ronds=3"], {}, "ronds is not an option", "Did you mean rounds?"],
    [["epochs=3"], {}, "epochs is not an option", "Did you mean rounds?"],
    [["colour=red"], {}, "colour is not an option", "Its options are rounds, rate, fast, mode."],
    [["rounds=0"], {}, 'rounds is "0". It must be a number above 0.', "rounds=…"],
    [["rate=quick"], {}, "It must be a number.", "rate=…"],
    [["fast=maybe"], {}, "It must be true or false.", "fast=…"],
    [["mode=tall"], {}, "It must be wide or deep.", "mode=…"],
    [[], { rounds: "many" }, 'rounds is "many"', "rounds=…"],
    [[], { ronds: 3 }, "ronds is not an option", "Did you mean rounds?"],
  ])("are rejected for %j with %j: %s", (words, configured, message, hint) => {
    expect(() => parseOptions(words, configured, declared)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTIONS",
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
  });
});

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "@unitrain/framework-yolo/command-line";
import { describe, expect, it } from "vitest";
import { scratchFolders } from "../../test/scratch.ts";
import type { UnitrainConfig } from "./config/config.ts";
import type { Flags } from "./flags.ts";
import { combineSettings } from "./settings.ts";

const scratch = scratchFolders();

function settings(
  line: string,
  {
    flags = {},
    config,
    env = {},
    folder = "/project",
  }: { flags?: Flags; config?: UnitrainConfig; env?: Record<string, string>; folder?: string } = {},
) {
  const loaded =
    config === undefined ? undefined : { config, file: "unitrain.config.ts", folder: "/project" };
  return combineSettings(
    line.split(" ").filter(Boolean),
    flags,
    loaded,
    { folder, env },
    { module: "yolo", folder, commandLine },
  );
}

describe("the value of a setting", () => {
  it("is that of the flag or word, or else of the configuration, or else the default", () => {
    const config: UnitrainConfig = {
      on: "gpu-box",
      data: "./pallets",
      train: { model: "yolo11n.pt", epochs: 50 },
      maxHours: 8,
      budget: 10,
      gpu: "L4",
      out: "./results",
    };
    const resolved = settings("./shapes epochs=3", { flags: { on: "local", maxHours: 2 }, config });
    expect(resolved).toMatchObject({
      on: "local",
      source: { kind: "local", path: "/project/shapes" },
      framework: { userOptions: { words: ["epochs=3"], configured: { model: "yolo11n.pt", epochs: 50 } } },
      options: { maxHours: 2, budgetUsd: 10, machine: { gpu: "L4" }, out: "/project/results" },
    });
    const from = Object.fromEntries(resolved.sources.map(({ name, source: from }) => [name, from]));
    expect(from).toEqual({
      data: "command line",
      epochs: "command line",
      model: "unitrain.config.ts",
      on: "command line",
      gpu: "unitrain.config.ts",
      budget: "unitrain.config.ts",
      maxHours: "command line",
      maxOutput: "default",
      out: "unitrain.config.ts",
    });
  });

  it("is the default without a flag and a configuration", () => {
    const resolved = settings("./shapes");
    expect(resolved).toMatchObject({ on: "local", plugins: [], options: {}, env: {}, secrets: [] });
    expect(resolved.sources.filter(({ source: from }) => from === "default").map(({ name }) => name)).toEqual(
      ["on", "out", "maxOutput"],
    );
  });

  it("combines lists and variables of the flags and the configuration", () => {
    const config: UnitrainConfig = {
      pip: ["timm"],
      env: { A: "1", B: "2" },
      secrets: ["WANDB_API_KEY"],
      track: "wandb",
    };
    const flags: Flags = {
      pip: ["sahi", "timm"],
      env: ["B=3", "C"],
      secret: ["HF_TOKEN"],
      track: ["tensorboard"],
      code: "src",
    };
    const resolved = settings("./x", { flags, config, env: { C: "here" } });
    expect(resolved.env).toEqual({ A: "1", B: "3", C: "here" });
    expect(resolved.secrets).toEqual(["WANDB_API_KEY", "HF_TOKEN"]);
    expect(resolved.framework.userOptions.settings).toEqual({
      pip: ["timm", "sahi"],
      track: ["wandb", "tensorboard"],
      code: "/project/src",
    });
  });

  it("ignores the adapters of the configuration if a machine is typed", () => {
    const provider = { name: "desk" } as never;
    const transport = { name: "wire" } as never;
    expect(settings("./x", { config: { provider, transport } })).toMatchObject({ provider, transport });
    const fromLine = settings("./x", { flags: { on: "local" }, config: { provider, transport } });
    expect([fromLine.provider, fromLine.transport]).toEqual([undefined, undefined]);
  });
});

describe("paths", () => {
  it("in words are relative to the working folder, and in a configuration to its folder", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "other"));
    writeFileSync(join(folder, "other", "mine.pt"), "");
    const config: UnitrainConfig = {
      data: "./set",
      code: "src",
      train: { model: "mine.pt", pretrained: "none.pt" },
    };
    const loaded = { config, file: "other/unitrain.config.ts", folder: join(folder, "other") };
    const resolved = combineSettings(
      [],
      {},
      loaded,
      { folder, env: {} },
      { module: "yolo", folder, commandLine },
    );
    expect(resolved.source).toEqual({ kind: "local", path: join(folder, "other", "set") });
    const { userOptions } = resolved.framework;
    expect(userOptions.settings).toEqual({ code: join(folder, "other", "src") });
    expect(await commandLine.readOptions?.(userOptions)).toEqual({
      model: join(folder, "other", "mine.pt"),
      pretrained: "none.pt",
      code: join(folder, "other", "src"),
    });
    expect(settings("coco8.yaml").source).toEqual({ kind: "named", name: "coco8.yaml" });
  });
});

describe("combineSettings", () => {
  it.each([
    [{ env: ["MISSING"] }, "--env MISSING=…"],
    [{ env: ["=x"] }, "--env NAME=value"],
    [{ secret: ["HF_TOKEN=abc"] }, "--secret HF_TOKEN"],
  ])("rejects %j with the correct form", (flags, hint) => {
    const call = () => settings("./x", { flags, env: { GITHUB_TOKEN: "t" } });
    expect(call).toThrow(
      expect.objectContaining({ code: "INVALID_OPTIONS", hint: expect.stringContaining(hint) }),
    );
    expect(call).not.toThrow("abc");
  });

  it("rejects a training without a dataset", () => {
    expect(() => settings("epochs=5")).toThrow("No dataset was named.");
  });
});

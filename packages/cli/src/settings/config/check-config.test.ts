import { commandLine } from "@unitrain/framework-yolo/command-line";
import { describe, expect, it } from "vitest";
import { checkConfig } from "./check-config.ts";
import { defineConfig } from "./config.ts";

const provider = { name: "desk" };

describe("checkConfig", () => {
  it("returns a valid configuration unchanged", () => {
    const train = { model: "yolo11n.pt", epochs: 5, imgsz: [640, 480], cos_lr: true };
    const config = defineConfig({ on: "local", train, track: ["wandb"], gpus: 2, env: { A: "1" } });
    expect(checkConfig(config, "unitrain.config.ts", { frameworkSettings: commandLine.settings ?? [] })).toBe(
      config,
    );
  });

  it.each([
    [{ budgt: 5 }, "has a key budgt that is not known", "Did you mean budget?"],
    [{ maxhours: 5 }, "has a key maxhours that is not known", "Did you mean maxHours?"],
    [{ budgetUsd: 5 }, "budgetUsd", "Did you mean budget?"],
    [{ epochs: 5 }, "has a key epochs that is not known", "train: { epochs: … }"],
    [{ maxHours: "2" }, 'has maxHours: "2"', "maxHours must be a number above 0."],
    [{ gpus: 1.5 }, "has gpus: 1.5", "whole number"],
    [{ env: { A: 1 } }, "has env", "an object of texts"],
    [{ track: "mlflow" }, 'has track: "mlflow"', '"wandb" or "tensorboard"'],
    [{ plugins: [() => {}] }, "has plugins", "a list of plugins"],
    [{ data: () => {} }, "has data: a function", 'text: "./pallets"'],
    [{ on: "local", provider }, "names the machine twice", "Remove one of them."],
    [undefined, "exports no configuration", "export default defineConfig"],
    [[], "exports no configuration", "export default defineConfig"],
  ])("rejects %j and names the file and the expected value", (exported, message, hint) => {
    expect(() =>
      checkConfig(exported, "unitrain.config.ts", { frameworkSettings: commandLine.settings ?? [] }),
    ).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTIONS",
        message: expect.stringMatching(/^unitrain\.config\.ts /),
        hint: expect.stringContaining(hint),
      }),
    );
    expect(() => checkConfig(exported, "f", { frameworkSettings: commandLine.settings ?? [] })).toThrow(
      message,
    );
  });
});

import { describe, expect, it } from "vitest";
import { main } from "../main.ts";
import { collectedSurroundings } from "../testing/collected.ts";
import { examplePlan } from "../testing/story.ts";
import { typed, wholeStory } from "../testing/typed.ts";

describe("settings, variables and secrets", () => {
  it("reach the engine, the plan and the start, each where it belongs", async () => {
    const line =
      "train ./shapes --pip timm --code ./src --track wandb --ultralytics 8.4.190 --env A=1 --secret WANDB_API_KEY --on gpu-box --gpu L4 --gpus 2 --max-price 3 --region KEF-3";
    const plan = { ...examplePlan, secrets: ["WANDB_API_KEY"] };
    const { planned, asked, assembled, talk } = await typed(
      line,
      { plan, story: wholeStory },
      { env: { WANDB_API_KEY: "not-to-be-shown" } },
    );
    expect(assembled[0]).toMatchObject({
      on: "gpu-box",
      framework: { options: { pip: ["timm"], code: "/project/src", track: ["wandb"], version: "8.4.190" } },
    });
    expect(planned[0]).toMatchObject({
      machine: { gpu: "L4", gpus: 2, maxUsdPerHour: 3, region: "KEF-3" },
      env: { A: "1" },
      secrets: ["WANDB_API_KEY"],
    });
    expect(asked).toContain('secrets {"WANDB_API_KEY":"not-to-be-shown"}');
    expect(talk).not.toContain("not-to-be-shown");
  });

  it("a secret that is nowhere ends with 2 before anything starts, and is named", async () => {
    const plan = { ...examplePlan, secrets: ["HF_TOKEN"] };
    const line = "train ./shapes --secret HF_TOKEN";
    const { exitCode, talk, asked, planned } = await typed(line, { plan, story: wholeStory });
    expect(exitCode).toBe(2);
    expect(talk).toContain("The secret HF_TOKEN has no value: it is not in the environment.");
    expect(talk).toContain("SECRET_MISSING");
    expect(asked).not.toContain("start");
    // Before a large dataset is read.
    expect(planned).toEqual([]);
  });

  it("a plan says that a secret has no value, and is made all the same", async () => {
    const { exitCode, talk, planned } = await typed("plan ./shapes --secret HF_TOKEN");
    expect(exitCode).toBe(0);
    expect(talk).toContain("The secret HF_TOKEN has no value here");
    expect(planned).toHaveLength(1);
    const set = { env: { HF_TOKEN: "t" } };
    expect((await typed("plan ./shapes --secret HF_TOKEN", undefined, set)).talk).not.toContain(
      "HF_TOKEN has",
    );
  });

  it("wandb on another machine wants its key", async () => {
    const told = async (line: string) => (await typed(`plan ./shapes --track wandb ${line}`)).talk;
    expect(await told("--on gpu-box")).toContain("add --secret WANDB_API_KEY");
    expect(await told("--on gpu-box --secret WANDB_API_KEY")).not.toContain("WANDB_API_KEY:");
    expect(await told("")).not.toContain("WANDB_API_KEY");
  });

  it("attach gives the secrets that are here again", async () => {
    const plan = { ...examplePlan, secrets: ["HF_TOKEN", "OTHER"] };
    const { asked } = await typed("attach", { plan, story: wholeStory }, { env: { HF_TOKEN: "t" } });
    expect(asked).toContain('secrets {"HF_TOKEN":"t"}');
  });

  it.each([
    ["train ./shapes --epochs 50", "epochs=50"],
    ["train ./shapes --epochs=50", "epochs=50"],
    ["plan ./shapes --imgsz", "imgsz=…"],
    ["train ./shapes --device cpu --epochs 5", "device=cpu"],
  ])("%s is told how to write it", async (line, right) => {
    const { exitCode, talk } = await typed(line);
    expect(exitCode).toBe(2);
    expect(talk).toContain(`Write it as YOLO does: ${right}`);
  });

  it("a whole yolo line may be one argument", async () => {
    const world = collectedSurroundings({ story: wholeStory });
    const line = "!yolo task=detect mode=train data='my set' epochs=3";
    expect(await main([line, "--json"], world.surroundings)).toBe(0);
    expect(world.asked[0]).toBe("assemble local task=detect epochs=3");
    expect(world.planned[0]?.data).toEqual({ kind: "local", path: "/project/my set" });
  });
});

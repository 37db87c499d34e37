import type { Plan } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { createCollectingContext } from "../../test/collected.ts";
import { examplePlan } from "../../test/event-script.ts";
import { runCli, wholeStory } from "../../test/run-cli.ts";
import { main } from "../main.ts";

describe("settings, variables and secrets", () => {
  it("are passed to the engine, the plan and the start", async () => {
    const line =
      "train ./shapes --pip timm --code ./src --track wandb --ultralytics 8.4.190 --env A=1 --secret WANDB_API_KEY --on gpu-box --gpu L4 --gpus 2 --max-price 3 --region KEF-3";
    const plan = { ...examplePlan, secrets: ["WANDB_API_KEY"] };
    const { planned, calls, assembled, stderr } = await runCli(
      line,
      { plan, eventScript: wholeStory },
      { env: { WANDB_API_KEY: "not-to-be-shown" } },
    );
    expect(assembled[0]).toMatchObject({
      on: "gpu-box",
      framework: {
        userOptions: {
          settings: { pip: ["timm"], code: "/project/src", track: ["wandb"], ultralytics: "8.4.190" },
        },
      },
    });
    expect(planned[0]).toMatchObject({
      machine: { gpu: "L4", gpus: 2, maxUsdPerHour: 3, region: "KEF-3" },
      env: { A: "1" },
      secrets: ["WANDB_API_KEY"],
    });
    expect(calls).toContain('secrets {"WANDB_API_KEY":"not-to-be-shown"}');
    expect(stderr).not.toContain("not-to-be-shown");
  });

  it("exit with 2 and the name of a missing secret before anything starts", async () => {
    const plan = { ...examplePlan, secrets: ["HF_TOKEN"] };
    const line = "train ./shapes --secret HF_TOKEN";
    const { exitCode, stderr, calls, planned } = await runCli(line, { plan, eventScript: wholeStory });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("The secret HF_TOKEN has no value: it is not in the environment.");
    expect(stderr).toContain("SECRET_MISSING");
    expect(calls).not.toContain("start");
    // Before a large dataset is read.
    expect(planned).toEqual([]);
  });

  it("make a plan that reports a missing secret", async () => {
    const { exitCode, stderr, planned } = await runCli("plan ./shapes --secret HF_TOKEN");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("The secret HF_TOKEN has no value in this shell");
    expect(planned).toHaveLength(1);
    const set = { env: { HF_TOKEN: "t" } };
    expect((await runCli("plan ./shapes --secret HF_TOKEN", undefined, set)).stderr).not.toContain(
      "HF_TOKEN has",
    );
  });

  it("require the key of wandb on another machine", async () => {
    const planOutput = async (line: string) => (await runCli(`plan ./shapes --track wandb ${line}`)).stderr;
    expect(await planOutput("--on gpu-box")).toContain("add --secret WANDB_API_KEY");
    expect(await planOutput("--on gpu-box --secret WANDB_API_KEY")).not.toContain("WANDB_API_KEY:");
    expect(await planOutput("")).not.toContain("WANDB_API_KEY");
  });

  it("pass the available secrets to attach", async () => {
    const plan = { ...examplePlan, secrets: ["HF_TOKEN", "OTHER"] };
    const { calls } = await runCli("attach", { plan, eventScript: wholeStory }, { env: { HF_TOKEN: "t" } });
    expect(calls).toContain('secrets {"HF_TOKEN":"t"}');
  });

  it("attach without a terminal continues without a secret, unless the training has not started", async () => {
    const plan = { ...examplePlan, secrets: ["HF_TOKEN"] };
    const script = { plan, eventScript: wholeStory };
    expect((await runCli("attach", script)).exitCode).toBe(0);
    const { exitCode, stderr, calls } = await runCli("attach", { ...script, state: "interrupted" });
    expect({ exitCode, calls }).toEqual({ exitCode: 2, calls: [] });
    expect(stderr).toContain("The secret HF_TOKEN has no value: it is not in the environment.");
  });

  it.each([
    ["train ./shapes --epochs 50", "epochs=50"],
    ["train ./shapes --epochs=50", "epochs=50"],
    ["plan ./shapes --imgsz", "imgsz=…"],
    ["train ./shapes --device cpu --epochs 5", "device=cpu"],
  ])("reject %j with the correct form", async (line, right) => {
    const { exitCode, stderr } = await runCli(line);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`Write it in one word: ${right}`);
  });

  it("accept a complete yolo line as one argument", async () => {
    const cli = createCollectingContext({ eventScript: wholeStory });
    const line = "!yolo task=detect mode=train data='my set' epochs=3";
    expect(await main([line, "--json"], cli.context)).toBe(0);
    expect(cli.calls[0]).toBe("assemble local task=detect epochs=3");
    expect(cli.planned[0]?.data).toEqual({ kind: "local", path: "/project/my set" });
  });
});

describe("the record of a run", () => {
  it("has every setting with its source, and the command line without values of variables", async () => {
    const { planned } = await runCli(
      "train ./shapes lr0=0.01 --env A=secretive --secret HF_TOKEN --budget 2 --yes --json",
      { plan: { ...examplePlan, secrets: ["HF_TOKEN"] }, eventScript: wholeStory },
      { env: { HF_TOKEN: "not-to-be-shown" } },
    );
    expect(planned[0]?.command).toBe("unitrain train ./shapes lr0=0.01 --budget 2 --env A --secret HF_TOKEN");
    expect(planned[0]?.settings).toEqual(
      expect.arrayContaining([
        { name: "lr0", value: "0.01", source: "command line" },
        { name: "budget", value: 2, source: "command line" },
        { name: "env", value: "A", source: "command line" },
        { name: "on", value: "local", source: "default" },
      ]),
    );
    expect(JSON.stringify([planned[0]?.settings, planned[0]?.command])).not.toMatch(/secretive|not-to-be/);
  });
});

describe("train --setup", () => {
  it("prints what it changes on a permanent machine if nobody can be asked", async () => {
    const plan: Plan = { ...examplePlan, setup: ["apt-get install -y libgl1", "ldconfig"] };
    const { planned, stderr, calls } = await runCli("train ./shapes --setup ldconfig", {
      plan,
      eventScript: wholeStory,
    });
    expect(planned[0]?.setup).toEqual(["ldconfig"]);
    expect(stderr).toContain("\nSetup  apt-get install -y libgl1\n       ldconfig\n");
    expect(stderr).toContain("! --setup changes this computer: apt-get install -y libgl1; ldconfig");
    expect(calls).toContain("start");
  });
});

describe("train --from", () => {
  const recorded: Plan = {
    ...examplePlan,
    source: { kind: "local", path: process.cwd() },
    framework: {
      name: "yolo",
      recipe: {
        module: "@unitrain/framework-yolo",
        exportName: "yolo",
        options: { model: "yolo11n.yaml", epochs: 12, lr0: 0.01, pip: ["timm"] },
        secrets: [],
      },
    },
    request: { gpu: "H100", region: "sequoia", diskBytes: 1e9 },
    env: { A: "1" },
    secrets: ["HF_TOKEN"],
    budgetUsd: 2,
    settings: [
      { name: "ultralytics", value: "8.3.240", source: "default" },
      { name: "on", value: "canopywave", source: "command line" },
    ],
  };
  const env = { HF_TOKEN: "not-to-be-shown" };

  it("repeats a run, overridden by the words and flags of the command", async () => {
    const { assembled, planned } = await runCli(
      "train --from swift-otter lr0=0.001 --budget 3 --yes",
      { plan: recorded, eventScript: wholeStory },
      { env },
    );
    expect(assembled[0]).toMatchObject({
      on: "canopywave",
      framework: {
        userOptions: {
          words: ["lr0=0.001"],
          configured: { model: "yolo11n.yaml", epochs: 12, lr0: 0.01 },
          settings: { pip: ["timm"], ultralytics: "8.3.240" },
        },
      },
    });
    expect(planned[0]).toMatchObject({
      data: recorded.source,
      machine: { gpu: "H100", region: "sequoia" },
      budgetUsd: 3,
      env: { A: "1" },
      secrets: ["HF_TOKEN"],
      repeats: { runId: recorded.runId, name: "swift-otter", dataDigest: recorded.data.digest },
    });
    expect(planned[0]).not.toHaveProperty("name");
    expect(planned[0]).not.toHaveProperty("out");
    expect(planned[0]?.settings).toEqual(
      expect.arrayContaining([
        { name: "lr0", value: "0.001", source: "command line" },
        { name: "epochs", value: "12", source: "run swift-otter" },
      ]),
    );
  });

  it("repeats the setup lines, followed by those of the command", async () => {
    const { planned } = await runCli(
      "train --from swift-otter --setup ldconfig --yes",
      { plan: { ...recorded, setup: ["true"] }, eventScript: wholeStory },
      { env },
    );
    expect(planned[0]?.setup).toEqual(["true", "ldconfig"]);
  });

  it("drops the requirements for the first machine on another machine", async () => {
    const { assembled, planned } = await runCli(
      "train --from swift-otter --on local",
      { plan: recorded, eventScript: wholeStory },
      { env },
    );
    expect(assembled[0]?.on).toBe("local");
    expect(planned[0]).not.toHaveProperty("machine");
  });

  it("creates the adapters of a machine again if no word names it", async () => {
    const plan = { ...recorded, settings: [] };
    const { calls } = await runCli("plan --from swift-otter", { plan }, { env });
    expect(calls.slice(0, 3)).toEqual(["remake provider local", "remake transport local", "assemble local"]);
  });

  it("rejects a dataset that no longer exists, unless another is named", async () => {
    const plan: Plan = { ...recorded, source: { kind: "local", path: "/nowhere/pallets" } };
    const { exitCode, stderr, calls } = await runCli("train --from swift-otter", { plan }, { env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("The data of swift-otter is gone: /nowhere/pallets does not exist.");
    expect(stderr).toContain("unitrain train ./pallets --from swift-otter");
    expect(calls).toEqual([]);
    const { planned } = await runCli("plan ./shapes --from swift-otter", { plan }, { env });
    expect(planned[0]?.data).toEqual({ kind: "local", path: "/project/shapes" });
  });
});

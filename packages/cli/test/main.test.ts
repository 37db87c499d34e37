import { type RunSummary, UnitrainError } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { commands } from "../src/settings/declarations/commands.ts";
import { createCollector } from "./collected.ts";
import {
  createBeginning,
  createEnding,
  createEpochs,
  type EventScript,
  examplePlan,
  exampleReceipt,
} from "./event-script.ts";
import { runCli, wholeStory } from "./run-cli.ts";

describe("unitrain train", () => {
  it("passes data and settings to the engine, and drives the run to its end", async () => {
    const { exitCode, calls, planned } = await runCli(
      "train ./shapes model=yolo11n.yaml epochs=3 --name swift-otter --out ./here --budget 8 --max-hours 2",
    );
    expect(exitCode).toBe(0);
    expect(calls).toEqual(["assemble local model=yolo11n.yaml epochs=3", "start", "dispose"]);
    expect(planned[0]).toMatchObject({
      data: { kind: "local", path: "/project/shapes" },
      name: "swift-otter",
      out: "/project/here",
      budgetUsd: 8,
      maxHours: 2,
    });
  });

  it("writes a line per phase and epoch without control characters if there is no terminal", async () => {
    const { out, stderr } = await runCli("train ./shapes");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looked for on purpose.
    expect(out + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const lines = stderr.split("\n");
    expect(lines.filter((line) => line.startsWith("  epoch "))).toHaveLength(3);
    expect(lines.filter((line) => line.startsWith("+ ")).map((line) => line.slice(2, 14).trim())).toEqual([
      "connection",
      "upload",
      "environment",
      "training",
      "download",
    ]);
    expect(out).toContain("Done     swift-otter");
    expect(stderr).not.toContain("Done     swift-otter");
  });

  it("writes one event per line and nothing else to stdout with --json", async () => {
    const { out, exitCode } = await runCli("train ./shapes --json");
    const events = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(wholeStory.map((_, index) => index));
    expect(events.at(-1).type).toBe("finished");
    expect(exitCode).toBe(0);
  });

  it("accepts the syntax of YOLO", async () => {
    expect((await runCli("detect train data=./shapes epochs=3")).calls[0]).toBe(
      "assemble local task=detect epochs=3",
    );
    expect((await runCli("train detect train data=./shapes")).calls[0]).toBe("assemble local task=detect");
    expect((await runCli("yolo detect train data=coco8.yaml")).planned[0]?.data).toEqual({
      kind: "named",
      name: "coco8.yaml",
    });
  });

  it("prints the plan and starts nothing with --dry-run", async () => {
    const { out, calls } = await runCli("train ./shapes --dry-run");
    expect(out).toContain("Data   128 train + 32 val");
    expect(calls).not.toContain("start");
  });

  it("detaches once the training runs with --detach, and prints how to attach", async () => {
    const { exitCode, stderr, calls } = await runCli("train ./shapes --detach", {
      eventScript: [...createBeginning(0), ...createEpochs(1, 12, 12, 20)],
    });
    expect(exitCode).toBe(0);
    expect(calls).toContain("detach");
    expect(stderr).toContain("unitrain attach swift-otter");
  });

  it("exits with 3 and a hint if the training failed", async () => {
    const error = new UnitrainError(
      "TRAINING_FAILED",
      "The training ended with exit code 1:\n  CUDA out of memory",
      {
        hint: "Try a smaller batch.",
      },
    );
    const failed = {
      ...exampleReceipt,
      outcome: "training-failed" as const,
      artifacts: [],
      error: error.toJSON(),
    };
    const { exitCode, stderr, out } = await runCli("train ./shapes", {
      eventScript: [...createBeginning(0), ...createEnding(failed)],
      error,
    });
    expect(exitCode).toBe(3);
    expect(out).toContain("Failed   swift-otter");
    expect(stderr).toContain(
      "Error  The training ended with exit code 1:\n         CUDA out of memory\n       Try a smaller batch.",
    );
    expect(stderr).toContain("TRAINING_FAILED   https://unitrain.github.io/unitrain/errors#training-failed");
    expect(stderr).not.toContain("    at ");
  });

  it("exits with 4 if a machine may still cost money", async () => {
    const error = new UnitrainError("RELEASE_UNCONFIRMED", "Not confirmed gone.");
    const unsure = {
      ...exampleReceipt,
      lease: { ...exampleReceipt.lease, release: "release-unconfirmed" as const },
    };
    expect((await runCli("train ./shapes", { eventScript: createEnding(unsure), error })).exitCode).toBe(4);
  });

  it("prints no escape codes from other sources", async () => {
    const eventScript: EventScript = [
      [0, { type: "warning", phase: "train", message: "\u001b[2Jcleared\u001b]0;title\u0007" }],
      ...createEnding(),
    ];
    const { stderr } = await runCli("train ./shapes", { eventScript });
    expect(stderr).toContain("! cleared");
    expect(stderr).not.toContain("\u001b");
  });
});

describe("invalid input", () => {
  it.each([
    ["train", "No dataset was named."],
    ["trian ./x", "Did you mean train?"],
    ["train ./x --detatch", "Did you mean --detach?"],
    ["train ./x --budjet 8", "Did you mean --budget?"],
    ["plan ./x --budjet=8", "Did you mean --budget?"],
    ["train ./x --max_hours 2", "Did you mean --max-hours?"],
    ["train ./x -n 4", "Did you mean --name?"],
    ["train ./x -b 4", "Did you mean --budget?"],
    ["train ./x --epochs 50", "Write it in one word: epochs=50"],
    ["train ./x --frobnicate 5", "Unknown option '--frobnicate'."],
    ["ps", "Did you mean unitrain runs?"],
    ["status", "Did you mean unitrain runs?"],
    ["ls", "Did you mean unitrain runs?"],
    ["list", "Did you mean unitrain runs?"],
    ["down swift-otter", "Did you mean unitrain stop <run>, or unitrain gc?"],
    ["up", "Did you mean unitrain train <data>?"],
    ["launch ./x", "Did you mean unitrain train <data>?"],
    ["submit ./x", "Did you mean unitrain train <data>?"],
    ["delete swift-otter", "Did you mean unitrain rm <run>, or unitrain stop <run>?"],
    ["cancel swift-otter", "Did you mean unitrain stop <run>?"],
    ["kill swift-otter", "Did you mean unitrain stop <run>?"],
    ["show swift-otter", "Did you mean unitrain attach <run>, or unitrain logs <run>?"],
    ["constructor", "Unknown command 'constructor'."],
    ["train ./x --budget much", "It must be a number above 0."],
    ["train ./x --max-hours -1", "It must be a number above 0."],
    ["./shapes epochs=5", "unitrain train ./shapes epochs=5"],
    ["yolo predict model=x.pt", "unitrain does not predict"],
    ["train ./x --gpus 1.5", "It must be a whole number above 0."],
    ["train ./x --track mlflow", "It must be wandb or tensorboard."],
    ["runs --everything", "Unknown option '--everything'."],
    ["stop a b", "Too many arguments"],
  ])("%j exits with 2 and prints: %s", async (line, sentence) => {
    const { exitCode, stderr, out, calls } = await runCli(line);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr).toMatch(/^Error {2}/);
    expect(out).toBe("");
    expect(calls).toEqual([]);
  });

  it("exits with 2 and lists commands if it is only the name of a run", async () => {
    const runs = [{ ...examplePlan, id: examplePlan.runId, state: "over" }] as never;
    const { exitCode, stderr } = await runCli("swift-otter", { runs });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("swift-otter is a run, not a command.");
    expect(stderr).toContain("unitrain attach swift-otter");
  });

  it("exits with 2 if the engine finds it, as JSON with --json", async () => {
    const planError = new UnitrainError("INVALID_DATASET", "./x has no data.yaml.", {
      hint: "Name the folder that holds it.",
    });
    const person = await runCli("plan ./x", { planError });
    expect(person.exitCode).toBe(2);
    expect(person.stderr).toContain("Error  ./x has no data.yaml.\n       Name the folder that holds it.\n");
    const program = await runCli("train ./x --json", { planError });
    expect(program.out).toBe("");
    expect(JSON.parse(program.stderr.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
      type: "error",
      code: "INVALID_DATASET",
    });
  });

  it("prints no stack, unless UNITRAIN_DEBUG=1 is set", async () => {
    const planError = new TypeError("x is not a function", { cause: new Error("deep inside") });
    const { exitCode, stderr } = await runCli("plan ./x", { planError });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("UNITRAIN_DEBUG=1");
    expect(stderr).not.toContain("main.test.ts");
    const debugged = await runCli("plan ./x", { planError }, { env: { UNITRAIN_DEBUG: "1" } });
    expect(debugged.stderr).toContain("main.test.ts");
    expect(debugged.stderr).toContain("deep inside");
  });

  it("exits with 2 and prints the help if there are no words", async () => {
    const { exitCode, stderr } = await runCli("");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Usage: unitrain");
  });
});

describe("help", () => {
  it.each(["", ...commands.map(({ name }) => name)])(
    "of %s has examples and fits in 80 columns",
    async (command) => {
      const { exitCode, out } = await runCli(`${command} --help`);
      expect(exitCode).toBe(0);
      expect(out).toContain("Examples:");
      expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  it("and version go to stdout", async () => {
    expect((await runCli("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

const activeRun: RunSummary = {
  id: "",
  name: "swift-otter",
  state: "active",
  phase: "train",
  createdAt: "2026-11-24T12:00:00.000Z",
  machine: "this computer",
  provider: examplePlan.provider,
  job: examplePlan.job,
  metrics: {},
  unreleased: [],
  out: examplePlan.out,
};

describe("the other commands", () => {
  it("plan prints text, and JSON with --json", async () => {
    expect((await runCli("plan ./shapes epochs=3")).out).toContain("Job    detect yolo11n.yaml");
    expect(JSON.parse((await runCli("plan ./shapes --json")).out)).toEqual(examplePlan);
  });

  it("runs reports that there are none", async () => {
    const { exitCode, out, stderr } = await runCli("runs");
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: "" });
    expect(stderr).toContain("No runs yet.");
    expect((await runCli("runs --json")).out).toBe("[]\n");
  });

  it("attach drives a run to its end, and watches if another process drives it", async () => {
    const attached = await runCli("attach swift-otter");
    expect(attached.exitCode).toBe(0);
    expect(attached.calls).toEqual(["attach 20261124-001530-k3f9", "dispose"]);
    const id = examplePlan.runId;
    const active = { ...activeRun, id, controller: 42 };
    const watching = await runCli("attach", { eventScript: wholeStory, role: "follower", runs: [active] });
    expect(watching.stderr).toContain("swift-otter is driven by process 42; this process only watches");
    const guarded = { ...active, guarded: true };
    const guardian = await runCli("attach", { eventScript: wholeStory, role: "follower", runs: [guarded] });
    expect(guardian.stderr).toContain("swift-otter is driven by the guardian");
  });

  it("gc reports that nothing is left to release", async () => {
    const { exitCode, out } = await runCli("gc");
    expect(exitCode).toBe(0);
    expect(out).toContain("Nothing that costs money is left to release.");
  });
});

describe("a terminal", () => {
  it("is redrawn, unless it is dumb or in CI", async () => {
    const live = createCollector({ columns: 80 });
    await runCli(
      "train ./shapes",
      { eventScript: [...createBeginning(30), ...createEnding()] },
      { stderr: live },
    );
    expect(live.text()).toContain("\u001b[");
    for (const env of [{ TERM: "dumb" }, { CI: "true" }]) {
      const still = createCollector({ columns: 80 });
      await runCli(
        "train ./shapes",
        { eventScript: [...createBeginning(30), ...createEnding()] },
        { stderr: still, env },
      );
      // Colours are for the stream to decide; nothing is moved or erased.
      expect(still.text()).not.toMatch(new RegExp(`${String.fromCharCode(27)}\\[\\d*[A-HJKST]`));
    }
  });
});

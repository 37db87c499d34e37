import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunSummary } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { main } from "../main.ts";
import { collectedSurroundings } from "../testing/collected.ts";
import { scratchFolders } from "../testing/scratch.ts";
import type { Script } from "../testing/scripted-engine.ts";
import { beginning, ending, epochs, examplePlan } from "../testing/story.ts";

const scratch = scratchFolders();

async function typed(line: string, script: Script) {
  const world = collectedSurroundings(script);
  const exitCode = await main(line.split(" "), world.surroundings);
  return { exitCode, out: world.stdout.text(), talk: world.stderr.text(), asked: world.asked };
}

const summary: RunSummary = {
  id: examplePlan.runId,
  name: "swift-otter",
  state: "detached",
  phase: "train",
  createdAt: "2026-11-24T12:00:00.000Z",
  machine: "this computer",
  provider: examplePlan.provider,
  job: examplePlan.job,
  metrics: {},
  unreleased: [],
  out: examplePlan.out,
};
const over = [{ ...summary, state: "over", outcome: "completed" }] as const;
const slow = [...beginning(0), ...epochs(1, 1, 12, 0, 1), ...epochs(2, 12, 12, 1_000, 2), ...ending()];

describe("stop", () => {
  it("says first what it will do, and ends the run", async () => {
    const { exitCode, talk, out, asked } = await typed("stop swift-otter", { runs: [summary], story: slow });
    expect(talk.split("\n")[0]).toBe(
      "Ends the training of swift-otter now, brings the best model so far home, tidies up.",
    );
    expect(asked.filter((call) => call.startsWith("stop"))).toEqual(["stop"]);
    expect(out).toContain("Stopped  swift-otter");
    expect(exitCode).toBe(0);
  });

  it("does not tell again what happened before", async () => {
    const at = "2020-01-01T00:00:00.000Z";
    const { talk } = await typed("stop", { runs: [summary], story: slow, at });
    expect(talk).not.toContain("environment");
  });

  it("of a run that is over does nothing", async () => {
    const { exitCode, talk, asked } = await typed("stop", { runs: over });
    expect(exitCode).toBe(0);
    expect(talk).toContain("swift-otter is over already");
    expect(asked.some((call) => call.startsWith("stop"))).toBe(false);
  });
});

describe("pull", () => {
  it("prints what is home of a run that is over", async () => {
    const { exitCode, out } = await typed("pull swift-otter", { runs: over, role: "follower" });
    expect(exitCode).toBe(0);
    expect(out).toBe(
      "runs/detect/swift-otter/weights/best.pt   5.5 MB\nruns/detect/swift-otter/results.csv   1.9 kB\n",
    );
  });

  it("of a run that nobody follows leaves it running", async () => {
    const { out, asked } = await typed("pull --json", { runs: [summary], story: slow });
    expect(JSON.parse(out)).toHaveLength(2);
    expect(asked).toContain("pull");
    expect(asked).toContain("detach");
    expect(asked.some((call) => call.startsWith("stop"))).toBe(false);
  });

  it("of a run whose training ended meanwhile brings it to its end", async () => {
    const { out, asked } = await typed("pull", { runs: [summary], story: [...beginning(0), ...ending()] });
    expect(out).toContain("weights/best.pt");
    expect(asked).not.toContain("pull");
  });

  it("of a run whose training has not begun says so", async () => {
    const { exitCode, talk } = await typed("pull", { runs: [{ ...summary, state: "interrupted" }] });
    expect(exitCode).toBe(1);
    expect(talk).toContain("unitrain attach swift-otter goes on with it.");
  });
});

describe("logs", () => {
  it("prints the log, and says when nobody follows the run", async () => {
    const log = join(scratch(), "training.log");
    await writeFile(log, "epoch 1\nepoch 2\n");
    const { out, talk } = await typed("logs swift-otter -f", {
      runs: [summary],
      log,
      role: "follower",
      story: [],
    });
    expect(out).toBe("epoch 1\nepoch 2\n");
    expect(talk).toContain("unitrain attach swift-otter");
    expect((await typed("logs", { runs: over, log, role: "follower", story: [] })).talk).toBe("");
  });
});

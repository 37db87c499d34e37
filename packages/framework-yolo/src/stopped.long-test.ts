import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobInput } from "@unitrain/core/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createQuietContext, drawSet } from "../test/drawn-set.ts";
import { describeThisMachine, killAll } from "../test/this-machine.ts";
import { layOutRun, prepareEnvironment, startJob } from "../test/training-attempt.ts";
import { yolo } from "./index.ts";

/** Each repetition starts Ultralytics. */
const stops = Number(process.env.UNITRAIN_TEST_STOPS ?? 6);
const timeout = 15 * 60_000;

const folder = mkdtempSync(join(tmpdir(), "unitrain-stopped-"));
const home = join(folder, "home");
const set = join(folder, "set");
/** Short epochs and checkpoints of tens of megabytes, so that most of the time a checkpoint is being saved. */
const framework = yolo({
  ...{ model: "yolo11s.yaml", imgsz: 32, batch: 4, epochs: 1000, patience: 0, workers: 2 },
  ...{ plots: false, val: false, save_period: 1, seed: 1 },
});
const facts = describeThisMachine({ home, workFolder: join(folder, "work") });
let environment: JobInput["environment"];

beforeAll(async () => {
  mkdirSync(home);
  drawSet(set, { train: 4, val: 1 }, 32);
  environment = await prepareEnvironment(yolo(), facts, home);
}, timeout);

afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});

describe("stopping a training at any moment", { timeout }, () => {
  it.each(["SIGTERM", "SIGKILL"] as const)("by %s leaves only complete models", async (signal) => {
    const torn: string[] = [];
    const seconds: number[] = [];
    for (let turn = 0; turn < stops; turn++) {
      const { weights, exitCode, endedAfterMs } = await endedOne(`${signal}-${turn}`, signal);
      seconds.push(Math.round(endedAfterMs / 100) / 10);
      if (signal === "SIGTERM") {
        expect(exitCode).toBe(143);
        expect(statSync(join(weights, "best.pt")).size).toBeLessThan(
          statSync(join(weights, "last.pt")).size / 2,
        );
      }
      for (const name of readdirSync(weights))
        if (!(await framework.artifacts.isComplete(join(weights, name)))) torn.push(`${turn}: ${name}`);
      rmSync(join(facts.workFolder, "runs"), { recursive: true });
    }
    console.log(
      `${signal}: ${torn.length} torn files after ${stops} ends; seconds until each end:`,
      seconds.join(" "),
    );
    expect(torn).toEqual([]);
  });
});

describe("stopping a training after its last epoch", { timeout }, () => {
  it("by SIGTERM, while it strips and evaluates its models, leaves both models complete and stripped", async () => {
    const two = yolo({
      ...{ model: "yolo11s.yaml", imgsz: 32, batch: 4, epochs: 2, workers: 2 },
      plots: false,
      seed: 1,
    });
    const codes: number[] = [];
    for (let turn = 0; turn < Math.min(stops, 4); turn++) {
      const { weights, exitCode } = await endedOne(`final-${turn}`, "SIGTERM", two, async (folder) => {
        const last = join(folder, "last.pt");
        await until(() => existsSync(last));
        const whole = statSync(last).size;
        // The first step after the last epoch.
        await until(() => statSync(last).size < whole / 2);
        await pause(turn * 60);
      });
      codes.push(exitCode);
      for (const name of ["best.pt", "last.pt"]) {
        const path = join(weights, name);
        expect(await two.artifacts.isComplete(path), `${turn}: ${name}`).toBe(true);
        expect(statSync(path).size, `${turn}: ${name}`).toBeLessThan(25e6);
      }
      rmSync(join(facts.workFolder, "runs"), { recursive: true });
    }
    console.log("exit codes:", codes.join(" "));
    // At least one training was stopped in the middle.
    expect(codes).toContain(143);
  });
});

async function someTimeAfterABestModel(weights: string): Promise<void> {
  await until(() => existsSync(join(weights, "best.pt")));
  await pause(Math.random() * 1500);
}

async function endedOne(
  name: string,
  signal: "SIGTERM" | "SIGKILL",
  trains = framework,
  moment = someTimeAfterABestModel,
) {
  const report = await trains.check({ kind: "local", path: set }, createQuietContext());
  const input = await layOutRun(report.manifest, facts, name, environment);
  const weights = join(input.output, "weights");
  let pid = 0;
  const done = startJob(trains.job(input), home, {}, (started) => {
    pid = started;
  });
  await moment(weights);
  const stoppedAtMs = performance.now();
  if (signal === "SIGTERM") process.kill(pid, signal);
  else for (const each of descendants(pid)) process.kill(each, signal);
  const { exitCode } = await done;
  return { weights, exitCode, endedAfterMs: performance.now() - stoppedAtMs };
}

/** Kills the supervisor, the training and its workers, as a stop does after the grace period. */
function descendants(root: number): readonly number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readProc(name);
      const parent = /^\d+ \(.*\) \S (\d+)/s.exec(stat)?.[1];
      return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent) }];
    });
  const found = [root];
  for (const pid of found)
    found.push(...parents.filter(({ parent }) => parent === pid).map((child) => child.pid));
  return found;
}

function readProc(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return "";
  }
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!isSo() && Date.now() < deadline) await pause(5);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

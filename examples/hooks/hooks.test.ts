import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createLifetime,
  killablePorts,
  memoryCloud,
  memoryFramework,
  memoryProvider,
  memoryTransport,
  virtualClock,
} from "@unitrain/conformance";
import { createUnitrain, type HookName, type Plugin, type RunResult, UnitrainError } from "@unitrain/core";
import { afterAll, expect, test } from "vitest";
import { preferAveragedWeights } from "./locate-artifact.ts";
import { reuseKeptMachines } from "./provision.ts";
import { waitForDrive } from "./ready-check.ts";
import { limitThreads, listOutput } from "./run.ts";
import { hideEmployees } from "./sanitize.ts";
import { cleanUpload } from "./ship.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Runs a training in memory with plugins; returns what is left of it. */
async function train(plugins: readonly Plugin[]) {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-hooks-"));
  folders.push(folder);
  const clock = virtualClock();
  const cloud = memoryCloud(clock);
  cloud.training.log = `labels by E-123456\n${cloud.training.log}`;
  cloud.training.leaves = { ...cloud.training.leaves, "weights/averaged.model": "whole: averaged" };
  const unitrain = createUnitrain({
    home: join(folder, "state"),
    guardian: false,
    ports: killablePorts(createLifetime(), clock),
    provider: memoryProvider(cloud),
    transport: memoryTransport(cloud),
    framework: memoryFramework(cloud),
    plugins,
  });
  const plan = await unitrain.plan({ data: ".", out: join(folder, "results") });
  const run = await unitrain.start(plan);
  let log = "";
  for await (const event of run.events) if (event.type === "log") log += event.text;
  const result = await run.result.catch((error: unknown) => error);
  return { cloud, log, result };
}

/** A plugin that notes the order in which its hooks are called, and changes nothing. */
function createRecorder() {
  const calls: HookName[] = [];
  const note = (name: HookName) => {
    calls.push(name);
  };
  const plugin: Plugin = {
    specVersion: "v1",
    name: "recorder",
    hooks: {
      provision: () => void note("provision"),
      readyCheck() {
        note("readyCheck");
        return { ready: true };
      },
      ship(manifest) {
        note("ship");
        return manifest;
      },
      run(job) {
        note("run");
        return job;
      },
      locateArtifact: () => void note("locateArtifact"),
      sanitize: (text) => text,
    },
  };
  return { calls, plugin };
}

test("the hooks of docs/hooks.md fire in the order of its table", async () => {
  const { calls, plugin } = createRecorder();
  await train([plugin]);
  expect(calls).toEqual(["provision", "ship", "readyCheck", "run", "locateArtifact"]);
});

test("the examples of docs/hooks.md do what they say", async () => {
  const plugins = [
    reuseKeptMachines,
    waitForDrive,
    cleanUpload,
    limitThreads,
    preferAveragedWeights,
    hideEmployees,
  ];
  const { cloud, log, result } = await train(plugins);
  expect(result).toMatchObject({ outcome: "completed" });
  expect((result as RunResult).artifacts.map(({ path }) => path)).toContain("weights/averaged.model");
  expect([...cloud.jobs.values()].some(({ env }) => env.OMP_NUM_THREADS === "4")).toBe(true);
  expect([...cloud.files.keys()].some((path) => path.endsWith("/ORIGIN.txt"))).toBe(true);
  expect(log).toContain("labels by [employee]");
  expect(log).not.toContain("E-123456");
  expect(cloud.alive()).toEqual([]);
});

test("a run hook knows the folders on the machine", async () => {
  // The machine in memory runs no shell, so only the command is checked.
  let argv: readonly string[] = [];
  const recorder: Plugin = {
    specVersion: "v1",
    name: "recorder",
    hooks: {
      run(job) {
        argv = job.argv;
        return job;
      },
    },
  };
  await train([listOutput, recorder]);
  expect(argv).toEqual([
    "sh",
    "-c",
    expect.any(String),
    "sh",
    argv[6],
    "train",
    expect.stringMatching(/\/out$/),
  ]);
});

test("a hook that fails names its plugin, and the machine is released", async () => {
  const broken: Plugin = {
    specVersion: "v1",
    name: "broken",
    hooks: {
      run() {
        throw new Error("no idea");
      },
    },
  };
  const { cloud, result } = await train([broken]);
  expect(UnitrainError.isInstance(result) && result.code).toBe("HOOK_FAILED");
  expect(cloud.bill.length).toBeGreaterThan(0);
  expect(cloud.alive()).toEqual([]);
});

import { createLifetime } from "@unitrain/conformance";
import { definePlugin, type Plugin } from "@unitrain/core";
import { expect, test } from "vitest";
import { createEngineStage, type EngineStage } from "./engine-stage.ts";
import { leakyErrors } from "./leaky.ts";

test("no secret leaves a run that succeeds", async () => {
  const stage = await createEngineStage();
  await stage.run(stage.process());
  expect(stage.cloud.starts.size).toBeGreaterThan(0);
  expect(await stage.listLeaks()).toEqual([]);
});

const [someError = ""] = Object.keys(leakyErrors);
const failures: readonly (readonly [call: string, error: string])[] = [
  ...[
    "provider.quote",
    "provider.lease",
    "provider.getMachineState",
    "provider.release",
    "transport.identity",
    "transport.connect",
    "framework.check",
    "framework.describe",
    "framework.job",
    "framework.environment",
    "session.facts",
    "session.run",
    "session.start",
    "session.getJobState",
    "session.follow",
    "session.list",
    "session.fetch",
  ].map((call) => [call, someError] as const),
  ...Object.keys(leakyErrors).map((error) => ["session.ship", error] as const),
];

test.each(failures)("no secret leaves a run when %s throws %s", async (call, name) => {
  const stage = await createEngineStage();
  stage.throwOn(call, leakyErrors[name] ?? (() => {}), 1_000);
  await stage.run(stage.process());
  expect(stage.calls).toContain(call);
  await stage.gc(stage.process());
  expect(await stage.listLeaks()).toEqual([]);
});

const hooks: Readonly<Record<string, (stage: EngineStage) => Plugin["hooks"]>> = {
  "that adds secrets to every text": ({ text }) => ({
    sanitize: (line) => line.replace(/\n?$/, (end) => ` ${text()}${end}`),
  }),
  "whose sanitize hook fails": ({ text }) => ({
    sanitize() {
      throw new Error(text());
    },
  }),
  "whose ready check names secrets": ({ text }) => ({
    readyCheck: () => ({ ready: false, step: text(), reason: text(), final: true }),
  }),
  "that throws secrets in plan": ({ text }) => ({
    ship() {
      throw new Error(text());
    },
  }),
  "that puts secrets into the job": ({ text }) => ({
    run: (job) => ({
      ...job,
      title: text(),
      env: { ...job.env, SHOWN: text() },
      argv: [...job.argv, text()],
    }),
  }),
  "that changes the id of the job to secrets": ({ text }) => ({ run: (job) => ({ ...job, id: text() }) }),
  "that finds a model with a secret name": ({ text }) => ({
    locateArtifact: () => [{ path: `/${text()}`, sizeBytes: 1, modifiedAt: text() }],
  }),
};

test.each(Object.entries(hooks))("no secret leaves a run with a plugin %s", async (_name, createHooks) => {
  const stage = await createEngineStage();
  const plugin = definePlugin({ name: "leaky", hooks: createHooks(stage) });
  await stage.run(stage.process(createLifetime(), [plugin]));
  expect(await stage.listLeaks()).toEqual([]);
});

test.each(["lost", "rebooted"] as const)("no secret leaves a run whose job is %s", async (state) => {
  const stage = await createEngineStage();
  stage.answer("session.getJobState", () => ({ state, detail: stage.text(), logBytes: 0 }));
  await stage.run(stage.process());
  expect(await stage.listLeaks()).toEqual([]);
});

test.each([5, 15, 25, 35, 45, 55])(
  "no secret leaves a run whose process is killed at step %i, and that another process continues",
  async (killAt) => {
    const stage = await createEngineStage();
    const lifetime = createLifetime(killAt);
    await stage.run(stage.process(lifetime), lifetime);
    expect(lifetime.isDead).toBe(true);
    expect(await stage.listLeaks()).toEqual([]);
    await stage.attach(stage.process());
    expect(await stage.listLeaks()).toEqual([]);
  },
);

test("a canary is found in whatever is written or said, so that this test can fail", async () => {
  const stage = await createEngineStage();
  stage.cloud.training.leaves = { "results.txt": stage.text(), "weights/best.model": "whole: best" };
  await stage.run(stage.process());
  expect(await stage.listLeaks()).toEqual([
    expect.stringMatching(/^--secret .* is in \/out\/results\.txt$/),
    expect.stringMatching(/^URL .* is in \/out\/results\.txt$/),
    expect.stringMatching(/^the key of the provider.* is in \/out\/results\.txt$/),
  ]);
});

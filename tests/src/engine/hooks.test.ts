import { memoryProvider } from "@unitrain/conformance";
import { definePlugin, type HookHandler, type HookName, type Hooks, type Plugin } from "@unitrain/core";
import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness, joinLog, startRun } from "./engine-harness.ts";

const names: readonly HookName[] = ["provision", "readyCheck", "ship", "run", "locateArtifact", "sanitize"];

const plugin = (hooks: Hooks): Plugin => definePlugin({ name: "tester", hooks });

/** Creates a plugin with the tested hook by name, because the type of the hook does not matter here. */
const tapping = (name: HookName, handler: (...inputs: never[]) => unknown): Plugin =>
  plugin({ [name]: handler } as unknown as Hooks);

describe.each(names)("a %s hook", (name) => {
  const faults: Readonly<Record<string, (...inputs: never[]) => unknown>> = {
    throws: () => {
      throw new Error("as asked");
    },
    hangs: () => new Promise(() => {}),
    "returns nonsense": () => 42,
  };
  // A synchronous hook has no timeout: an endless loop in it blocks its own process.
  const kinds = Object.keys(faults).filter((fault) => name !== "sanitize" || fault === "throws");

  test.each(kinds)("that %s causes an error with its name, and leaves nothing behind", async (fault) => {
    const harness = await createEngineHarness();
    const unitrain = harness.process({ plugins: [tapping(name, faults[fault] ?? (() => {}))] });
    const attempt = (async () => {
      const run = await startRun(unitrain, harness);
      return { events: await collectEvents(run), result: await run.result };
    })();
    if (name === "sanitize") {
      // All output is withheld, and the run continues.
      const { events, result } = await attempt;
      expect(result.outcome).toBe("completed");
      expect(joinLog(events)).not.toContain("epoch");
      expect(joinLog(events)).toContain("withheld");
    } else {
      await expect(attempt).rejects.toMatchObject({
        code: "HOOK_FAILED",
        message: expect.stringMatching(new RegExp(`plugin "tester", hook ${name}`)),
      });
    }
    expect(harness.cloud.alive()).toEqual([]);
  });
});

describe("hooks", () => {
  test("run in the order pre, framework, normal, post", async () => {
    const harness = await createEngineHarness();
    const order: string[] = [];
    const createNamedPlugin = (word: string, place?: "pre" | "post") => {
      const ship: HookHandler<"ship"> = (manifest) => {
        order.push(word);
        return manifest;
      };
      return definePlugin({ name: word, hooks: { ship }, ...(place ? { order: { ship: place } } : {}) });
    };
    const unitrain = harness.process({
      plugins: [
        createNamedPlugin("post", "post"),
        createNamedPlugin("one"),
        createNamedPlugin("two"),
        createNamedPlugin("pre", "pre"),
      ],
    });
    await unitrain.plan({ data: ".", out: harness.out });
    expect(order).toEqual(["pre", "one", "two", "post"]);
  });

  test("can add a file (ship) and a variable (run), locate the model first (locateArtifact) and replace the provider (provision)", async () => {
    const harness = await createEngineHarness();
    const extra = Buffer.from("extra");
    const shaping = plugin({
      provision: ({ gpus }) =>
        gpus === 1 ? memoryProvider(harness.cloud, { ownership: "borrowed" }) : undefined,
      ship: (manifest) => ({
        async *entries() {
          yield* manifest.entries();
          yield [{ path: "extra.txt", from: { bytes: extra }, sizeBytes: extra.length }];
        },
      }),
      run: (job) => ({ ...job, argv: [...job.argv, "more"] }),
      locateArtifact: ({ files }) => files.filter(({ path }) => path.endsWith("last.model")),
    });
    const unitrain = harness.process({ plugins: [shaping] });
    const plan = await unitrain.plan({ data: ".", out: harness.out, machine: { gpus: 1 } });
    expect(plan.provider.ownership).toBe("borrowed");
    expect(plan.data.files).toBe(3);
    const run = await unitrain.start(plan);
    const { artifacts, receipt } = await run.result;
    expect(artifacts[0]?.path).toBe("weights/last.model");
    expect(receipt.lease.release).toBe("nothing-paid");
    expect(harness.cloud.bill).toEqual([]);
  });

  test("get frozen inputs", async () => {
    const harness = await createEngineHarness();
    const meddling = plugin({
      run: (job) => {
        (job.argv as string[]).push("--surprise");
        return job;
      },
    });
    const run = await startRun(harness.process({ plugins: [meddling] }), harness);
    await expect(run.result).rejects.toMatchObject({
      code: "HOOK_FAILED",
      message: expect.stringContaining("run"),
    });
  });

  test("repeat a readiness check until it is ready, or end at once when it is final", async () => {
    const harness = await createEngineHarness();
    let polls = 0;
    const patient = plugin({
      readyCheck: async ({ run }) => {
        polls += 1;
        const { exitCode } = await run({ argv: ["true"] });
        return polls > 3 && exitCode === 0
          ? { ready: true }
          : { ready: false, step: "gpu", reason: "error 802" };
      },
    });
    const run = await startRun(harness.process({ plugins: [patient] }), harness);
    expect((await run.result).outcome).toBe("completed");
    expect(polls).toBe(4);

    const otherStage = await createEngineHarness();
    const final = plugin({
      readyCheck: () => ({ ready: false, step: "gpu", reason: "no GPU at all", final: true }),
    });
    const refused = await startRun(otherStage.process({ plugins: [final] }), otherStage);
    await expect(refused.result).rejects.toMatchObject({
      code: "NOT_READY",
      message: expect.stringContaining("no GPU at all"),
    });
    expect(otherStage.cloud.alive()).toEqual([]);
  });

  test("sanitize output before core's own redactor, which removes every secret", async () => {
    const harness = await createEngineHarness();
    harness.cloud.training = {
      ...harness.cloud.training,
      log: "employee E-123456\nuse hunter2hunter2 here\n",
    };
    const leaking = plugin({
      sanitize: (text) => text.replace(/E-\d{6}/g, "bearer abcdef123456").replace("here", "hunter2hunter2"),
    });
    const unitrain = harness.process({ plugins: [leaking] });
    const plan = await unitrain.plan({ data: ".", out: harness.out, secrets: ["TOKEN"] });
    const run = await unitrain.start(plan, { secrets: { TOKEN: "hunter2hunter2" } });
    expect(joinLog(await collectEvents(run))).toBe("employee bearer [redacted]\nuse [redacted] [redacted]\n");
  });
});

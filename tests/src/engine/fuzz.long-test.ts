import { readFile } from "node:fs/promises";
import { createLifetime, type Fault, type MemoryCloud } from "@unitrain/conformance";
import { UnitrainError } from "@unitrain/core";
import { expect, test } from "vitest";
import { collectEvents, createEngineHarness, joinLog, startRun } from "./engine-harness.ts";
import { sideBySide } from "./side-by-side.ts";

const seeds = 600;
const calls = [
  ...[
    "provider.quote",
    "provider.ssh-key",
    "provider.instance",
    "provider.address",
    "provider.getMachineState",
    "provider.release",
  ],
  ...[
    "provider.end-instance",
    "provider.end-address",
    "provider.end-ssh-key",
    "transport.identity",
    "transport.connect",
  ],
  ...[
    "session.facts",
    "session.run",
    "session.ship",
    "session.start",
    "session.getJobState",
    "session.follow",
  ],
  ...["session.follow-part", "session.list", "session.fetch", "session.stop", "framework.check"],
];
const faults: readonly Fault[] = ["throws", "hangs", "lost-answer", "cut"];

test(`leaves nothing behind in ${seeds} random histories with faults and killed processes`, {
  timeout: 480_000,
}, async () => {
  const outcomes = new Map<string, number>();
  await sideBySide(
    Array.from({ length: seeds }, (_, seed) => seed),
    async (seed) => {
      const random = mulberry32(seed);
      const harness = await createEngineHarness();
      plant(harness.cloud, random);
      // Up to three processes die one after the other; the next one continues or releases.
      for (let deaths = Math.floor(random() * 4); deaths > 0; deaths -= 1) {
        const lifetime = createLifetime(Math.floor(random() * 90));
        const part = (async () => {
          const process = harness.process({ lifetime });
          const [summary] = await process.runs();
          const run = summary === undefined ? await startRun(process, harness) : await process.attach();
          await run.result;
        })().catch(expectOurs);
        await Promise.race([part, lifetime.death]);
      }
      const last = harness.process();
      const [summary] = await last.runs();
      const run =
        summary === undefined ? await startRun(last, harness).catch(expectOurs) : await last.attach();
      if (run !== undefined) {
        const events = await collectEvents(run);
        const result = await run.result.catch(expectOurs);
        outcomes.set(result?.outcome ?? "failed", (outcomes.get(result?.outcome ?? "failed") ?? 0) + 1);
        if (result?.outcome === "completed") {
          expect(await readFile(run.paths.log, "utf8"), `seed ${seed}`).toBe(harness.cloud.training.log);
          expect(joinLog(events), `seed ${seed}`).toBe(harness.cloud.training.log);
        }
        expect(
          events.map(({ seq }) => seq),
          `seed ${seed}`,
        ).toEqual(events.map((_, at) => at));
      }
      for (const call of calls) while (harness.cloud.faults.take(call) !== undefined);
      await harness.process().gc();
      expect(harness.cloud.alive(), `seed ${seed}`).toEqual([]);
      expect(
        harness.cloud.bill.filter(({ kind }) => kind === "instance").length,
        `seed ${seed}`,
      ).toBeLessThanOrEqual(1);
      for (const count of harness.cloud.starts.values()) expect(count, `seed ${seed}`).toBe(1);
    },
  );
  // If all runs failed, the test would prove nothing.
  expect(outcomes.get("completed")).toBeGreaterThan(seeds / 10);
});

function plant(cloud: MemoryCloud, random: () => number): void {
  for (let count = Math.floor(random() * 4); count > 0; count -= 1) {
    const call = calls[Math.floor(random() * calls.length)] ?? "provider.getMachineState";
    cloud.faults.on(
      call,
      faults[Math.floor(random() * faults.length)] ?? "throws",
      1 + Math.floor(random() * 3),
    );
  }
}

function expectOurs(error: unknown): undefined {
  expect(UnitrainError.isInstance(error), String(error)).toBe(true);
  return undefined;
}

/** A small seeded generator, so that a failed history can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

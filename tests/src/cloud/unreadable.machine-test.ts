import { expect, it } from "vitest";
import { createCloudHarness } from "./cloud-harness.ts";
import { type Moment, runUnreadable } from "./unreadable.ts";
import { killUnreadable } from "./unreadable-kill.ts";

it.each<[Moment, number]>([
  ["connect", 120_000],
  ["train", 120_000],
  ["release", 120_000],
  ["release", Number.POSITIVE_INFINITY],
])(
  "completes the training and releases everything when CanopyWave cannot be read from %s on for %d ms",
  (moment, forMs) => runUnreadable("server-error-empty", moment, forMs),
);

it("429 responses do not end a machine that trains", () => runUnreadable("rate-limited", "train", 60_000));

it("an instance that disappears while it trains counts as gone within seconds, without the wait for new instances", () =>
  createCloudHarness(async ({ emulator, process, out, memory: cloud }) => {
    cloud.training.durationMs = 3600_000;
    emulator.inject({ fault: "instance-vanishes", ms: 60_000 });
    const unitrain = process();
    const run = await unitrain.start(await unitrain.plan({ data: ".", out, budgetUsd: 8 }));
    for await (const event of run.events) {
      if (event.type === "job" && event.state === "started") {
        await cloud.clock.wait(70_000);
        cloud.faults.on("session.follow", "cut", 3);
      }
    }
    await expect(run.result).rejects.toMatchObject({ code: "MACHINE_GONE" });
    const [instance] = emulator
      .bill()
      .entries.filter(({ kind, isForeign }) => kind === "instance" && !isForeign);
    expect(cloud.clock.now() - (instance?.toMs ?? 0)).toBeLessThan(60_000);
    expect((await process().gc()).unconfirmed).toEqual([]);
  }));

it("gc terminates instances with an id after a client is killed while CanopyWave cannot be read, and does not report them as gone", async () => {
  const moments = ["ledger leased: after", "ledger started: after", "ledger brought: after"];
  expect(await killUnreadable((step) => moments.includes(step))).toBe(moments.length);
}, 120_000);

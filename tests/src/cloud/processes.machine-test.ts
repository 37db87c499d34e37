import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openRuns, type RunSummary } from "@unitrain/core";
import { describe, it } from "vitest";
import { createCloudTestbed, endGuardian, threeEpochs } from "./cloud-testbed.ts";

describe("a rented machine with client and guardian in separate processes", () => {
  it("trains, downloads the model and is confirmed gone", async (context) => {
    const { client, emulator, folder, over, ours } = await createCloudTestbed(context);
    const first = client("start", threeEpochs(0.2));
    context.expect(await first.ended, first.printed()).toBe(0);
    context.expect(first.printed()).toMatch(/guardian armed[\s\S]*completed/);
    context.expect(await readFile(join(folder, "out", "best.model"), "utf8")).toBe("whole end\n");
    const { unreleased } = await over();
    context.expect(unreleased).toEqual([]);
    context.expect(ours()).toBe(0);
    context.expect(emulator.bill().mostInstancesAtOnce()).toBe(1);
    const receipt = JSON.parse(await readFile(join(folder, "out", "receipt.json"), "utf8"));
    context.expect(receipt.lease.proofs).toHaveLength(3);
    context.expect(receipt.lease.costUsd).toBeGreaterThan(0);
  }, 60_000);

  it("is taken over by the guardian after the client is killed with -9: it serves `pull`, downloads the model and releases", async (context) => {
    const { client, folder, over, ours } = await createCloudTestbed(context);
    const first = client("start", threeEpochs(3));
    await first.says("job started");
    await first.kill();
    const home = join(folder, "home");
    const [summary] = (await openRuns({ home }).runs()) as [RunSummary];
    // Until the guardian has taken it over, a process that pulls drives the run itself.
    await context.expect
      .poll(async () => (await openRuns({ home }).runs())[0]?.guarded, { timeout: 15_000 })
      .toBe(true);
    const pulling = client("pull");
    context.expect(await pulling.ended, pulling.printed()).toBe(0);
    context.expect(pulling.printed()).toMatch(/^follower best\.model/m);
    context.expect(await over()).toMatchObject({ outcome: "completed", unreleased: [] });
    context.expect(await readFile(join(folder, "out", "best.model"), "utf8")).toBe("whole end\n");
    context
      .expect(await readFile(join(home, "runs", summary.id, "training.log"), "utf8"))
      .toBe("epoch 1\nepoch 2\nepoch 3\n");
    context.expect(ours()).toBe(0);
  }, 60_000);

  it("is released by gc in a new process after client and guardian are killed with -9", async (context) => {
    const { client, folder, ours } = await createCloudTestbed(context);
    const first = client("start", threeEpochs(20));
    await first.says("job started");
    await endGuardian(join(folder, "home"));
    await first.kill();
    context.expect(ours()).toBeGreaterThan(0);
    const collecting = client("gc");
    context.expect(await collecting.ended, collecting.printed()).toBe(0);
    context.expect(ours()).toBe(0);
  }, 60_000);
});

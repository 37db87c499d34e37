import { execFileSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { createCloudTestbed, endGuardian, guardianLog, threeEpochs } from "./cloud-testbed.ts";

const canMount = process.platform === "linux" && process.getuid?.() === 0;

describe("a rented machine with client and guardian in separate processes", () => {
  it("is completed by a new guardian after client and guardian are killed with -9 and gc --finish runs", async (context) => {
    const { client, folder, over, ours } = await createCloudTestbed(context);
    const home = join(folder, "home");
    const first = client("start", threeEpochs(4));
    await first.says("job started");
    await endGuardian(home);
    await first.kill();
    const collecting = client("gc", "finish");
    context.expect(await collecting.ended, collecting.printed()).toBe(0);
    const report = JSON.parse(collecting.printed());
    context
      .expect(report)
      .toMatchObject({ released: [], unconfirmed: [], trainings: [{ model: "finishing" }] });
    context.expect(ours()).toBeGreaterThan(0);
    context
      .expect(await over(), await guardianLog(home))
      .toMatchObject({ outcome: "completed", unreleased: [] });
    context.expect(await readFile(join(folder, "out", "best.model"), "utf8")).toBe("whole end\n");
    context.expect(ours()).toBe(0);
  }, 90_000);

  it.runIf(canMount)(
    "downloads the model although the disk of the state folder is full, and gc clears the record once there is space",
    async (context) => {
      const { client, folder, ours } = await createCloudTestbed(context);
      const home = join(folder, "home");
      await mkdir(home);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m,mode=700", "none", home]);
      const unmount = () => void execFileSync("umount", ["-l", home]);
      context.onTestFinished(unmount);
      const first = client("start", threeEpochs(3));
      await first.says("job started");
      const filling = join(home, "filling");
      await writeFile(filling, Buffer.alloc(4_000_000)).catch(() => {});
      // The last page of a ledger's file may have room for the confirmations; otherwise they cannot be recorded, which is said.
      const isRecorded = (await first.ended) === 0;
      context
        .expect(first.printed())
        .toMatch(
          isRecorded
            ? /\ncompleted\n/
            : /has confirmed that all resources are gone, but this could not be recorded/,
        );
      context.expect(await readFile(join(folder, "out", "best.model"), "utf8")).toBe("whole end\n");
      context.expect(ours()).toBe(0);
      await endGuardian(home);
      await rm(filling);
      const collecting = client("gc");
      context.expect(await collecting.ended, collecting.printed()).toBe(0);
      const report = JSON.parse(collecting.printed());
      context.expect(report).toMatchObject({ unconfirmed: [], driven: [] });
      context.expect(report.released.length > 0).toBe(!isRecorded);
    },
    90_000,
  );

  it("downloads the best model so far when the client is suspended at the limit, because the guardian wakes it", async (context) => {
    // One second of real time is eight seconds of the clock; the budget pays for nine minutes of the cheapest flavor.
    const { client, emulator, folder, over, ours } = await createCloudTestbed(context, 8);
    const budgetUsd = (0.07 * 540) / 3600;
    const first = client("start", threeEpochs(100), budgetUsd);
    await first.says("job started");
    first.process.kill("SIGSTOP");
    context.onTestFinished(() => void first.process.kill("SIGKILL"));
    context.expect(await over(), await guardianLog(join(folder, "home"))).toMatchObject({
      outcome: "stopped",
      unreleased: [],
    });
    context.expect(await readFile(join(folder, "out", "best.model"), "utf8")).toBe("whole end\n");
    context.expect(ours()).toBe(0);
    const limit = Number(/limit (\d+)/.exec(first.printed())?.[1]);
    const [instance] = emulator.bill().entries.filter(({ kind }) => kind === "instance");
    context.expect(instance?.seconds).toBeLessThanOrEqual(limit + 60 + 30);
  }, 150_000);
});

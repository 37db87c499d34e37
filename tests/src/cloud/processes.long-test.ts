import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "vitest";
import { bed, guardianLog, threeEpochs } from "./bed.ts";

describe("a rented machine, a client and a guardian, each a process of its own", () => {
  it("whose client stands still when its limit comes: the guardian wakes it, and the best model so far comes home", async (context) => {
    // Eight seconds of the clock are one; the budget pays for nine minutes of the cheapest flavor.
    const { client, emulator, folder, over, ours } = await bed(context, 8);
    const budgetUsd = (0.07 * 540) / 3600;
    const one = client("start", threeEpochs(100), budgetUsd);
    await one.says("job started");
    one.process.kill("SIGSTOP");
    context.onTestFinished(() => void one.process.kill("SIGKILL"));
    context.expect(await over(), await guardianLog(join(folder, "home"))).toMatchObject({
      outcome: "stopped",
      unreleased: [],
    });
    context.expect(await readFile(join(folder, "out", "best.model"), "utf8")).toBe("whole end\n");
    context.expect(ours()).toBe(0);
    const limit = Number(/limit (\d+)/.exec(one.printed())?.[1]);
    const [instance] = emulator.bill().entries.filter(({ kind }) => kind === "instance");
    context.expect(instance?.seconds).toBeLessThanOrEqual(limit + 60 + 30);
  }, 150_000);
});

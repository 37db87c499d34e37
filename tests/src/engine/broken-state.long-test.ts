import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createBrokenHarness, faults, homeFiles, leaseFiles, runFiles, surviveAll } from "./broken-state.ts";

const kinds = Object.entries(faults);

describe.each(kinds)("%s in place of a file", (kind, spoil) => {
  test.each(runFiles)("such as a run's %j fails neither the commands nor the guardian", async (file) => {
    const broken = await createBrokenHarness();
    const { victim, bystander, alive } = broken;
    await spoil(join(victim.folder, file));
    const changing = [`stop ${victim.id}`];
    await surviveAll(broken, { changing });
    expect(alive(bystander)).toEqual([]);
  });

  test.each(leaseFiles)("such as a lease's %j fails neither the commands nor the guardian", async (file) => {
    const broken = await createBrokenHarness();
    const { victim, bystander, alive } = broken;
    await spoil(join(dirname(victim.leaseLedger), file));
    await surviveAll(broken, { changing: [`stop ${victim.id}`] });
    expect(alive(bystander)).toEqual([]);
  });

  test.each(homeFiles)(
    "such as the state folder's %j fails neither the commands nor the guardian",
    async (file) => {
      const broken = await createBrokenHarness();
      const { victim, bystander, alive } = broken;
      await spoil(join(broken.harness.home, file));
      // An empty folder is the state of a computer without runs: only the provider knows what is rented.
      const recordsAreGone = kind === "folder" && file === "runs";
      const { gcExitCode } = await surviveAll(broken, { recordsAreGone });
      if (file === "runs" || file === "leases") return;
      expect(gcExitCode).toBe(0);
      expect([...alive(victim), ...alive(bystander)]).toEqual([]);
    },
  );
});

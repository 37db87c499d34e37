import type { RunSummary } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { examplePlan } from "../../test/event-script.ts";
import { runCli } from "../../test/run-cli.ts";
import { parseSince } from "../settings/parse-since.ts";

const now = Date.parse("2026-11-24T16:00:00.000Z");
const over = (name: string, createdAt: string, changes: Partial<RunSummary> = {}): RunSummary => ({
  id: name,
  name,
  state: "over",
  outcome: "completed",
  phase: "teardown",
  createdAt,
  machine: "this computer",
  provider: examplePlan.provider,
  job: "detect",
  metrics: {},
  unreleased: [],
  out: `/runs/${name}`,
  ...changes,
});
const { outcome: _, ...open } = over("old-owl", "2026-01-01T00:00:00.000Z");
const oldest: RunSummary = { ...open, state: "detached" };
const many = Array.from({ length: 25 }, (_, at) => over(`run-${at}`, "2026-11-23T00:00:00.000Z"));
const failed = over("bad-bee", "2026-11-20T00:00:00.000Z", { outcome: "training-failed" });
const all = [...many, failed, oldest];

const shown = async (line: string) => {
  const { exitCode, out: data, stderr } = await runCli(line, { runs: all }, { now: () => now });
  const names = data.split("\n").flatMap((text) => /^(run-\d+|bad-bee|old-owl) /.exec(text)?.[1] ?? []);
  return { exitCode, data, stderr, names };
};

describe("runs", () => {
  it("shows all unfinished runs, the newest 20 finished ones, and the number of others", async () => {
    const { names, data } = await shown("runs");
    expect(names).toHaveLength(21);
    expect(names.at(-1)).toBe("old-owl");
    expect(data).toContain("6 more are over. To list all: unitrain runs --all");
    expect((await shown("runs --all")).names).toHaveLength(27);
  });

  it.each([
    ["runs --state failed", ["bad-bee"]],
    ["runs --state detached --state failed", ["bad-bee", "old-owl"]],
    ["runs --since 5d --limit 2", ["run-0", "run-1"]],
    ["runs --since 2026-11-19 --state failed", ["bad-bee"]],
  ])("%s", async (line, names) => {
    expect((await shown(line)).names).toEqual(names);
  });

  it("prints all matching runs with --json, and reports if there are none", async () => {
    expect(JSON.parse((await shown("runs --json")).data)).toHaveLength(27);
    expect(JSON.parse((await shown("runs --json --state over --limit 3")).data)).toHaveLength(3);
    expect((await shown("runs --state unreadable")).data).toBe("None of the 27 runs matches.\n");
  });

  it("reports machines that cost money without a run, with --json on stderr", async () => {
    const instance = { kind: "instance", name: "unitrain-a", id: "7f3a", onRelease: "delete" } as const;
    const lease = {
      provider: "canopywave",
      machine: "1x H100",
      priceUsdPerHour: 2.25,
      unreleased: [instance],
    };
    const keepUntil = new Date(now + 12 * 60_000).toISOString();
    const leases = [
      { ...lease, id: "k3f9ab-20261124-001530-x7q2-1", stage: "idle" as const, keepUntil },
      { ...lease, id: "k3f9ab-20261124-001530-x7q2-2", stage: "unconfirmed" as const },
    ];
    const { out, stderr } = await runCli("runs --json", { runs: [], leases }, { now: () => now });
    expect(JSON.parse(out)).toEqual([]);
    expect(stderr).toContain(
      "! 1x H100 ($2.25/h) is kept for the next run for another 12m00s; to release it now",
    );
    expect(stderr).toContain("-x7q2-2 is not confirmed gone and belongs to no run: unitrain gc");
  });

  it("rejects an invalid time", async () => {
    const { exitCode, stderr } = await shown("runs --since yesterday");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("12h")]);
    expect(() => parseSince("2026-02-31", now)).toThrow("is not a time");
  });
});

describe("rm", () => {
  it("removes the named runs one by one, and never the latest by default", async () => {
    const { exitCode, out: data, stderr, calls } = await runCli("rm old-owl bad-bee", { runs: all });
    expect(calls).toEqual(["remove bad-bee"]);
    expect(data).toBe("bad-bee is removed; its downloaded files stay in /runs/bad-bee\n");
    expect(stderr).toContain("The records of old-owl are still needed.");
    expect(exitCode).not.toBe(0);
    expect((await runCli("rm", { runs: all })).exitCode).toBe(2);
  });
});

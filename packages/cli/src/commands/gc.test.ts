import type { GcReport, Resource } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { createCollectingContext } from "../../test/collected.ts";
import { runCli } from "../../test/run-cli.ts";
import { main } from "../main.ts";

const instance: Resource = { kind: "instance", name: "unitrain-a", id: "7f3a", onRelease: "delete" };
const key: Resource = { kind: "ssh-key", name: "unitrain-a", onRelease: "delete", free: true };
const driven = {
  runId: "r",
  name: "bold-ibex",
  pid: 42,
  guarded: true,
  releasing: false,
  unreleased: [instance],
};
const training = { runId: "r", name: "bold-ibex", files: [] };

describe("gc", () => {
  it.each<[string, Partial<GcReport>, string]>([
    [
      "downloaded",
      {
        trainings: [{ ...training, model: "downloaded", path: "/project/runs/best.pt" }],
        released: [instance],
      },
      "+ bold-ibex: its training is over, and its model was downloaded to runs/best.pt\n+ gone    instance 7f3a\n",
    ],
    [
      "not there yet",
      { trainings: [{ ...training, model: "none" }] },
      "- bold-ibex: its training is over, and had not saved a model yet\n",
    ],
    [
      "discarded",
      { trainings: [{ ...training, model: "discarded" }] },
      "- bold-ibex: its training was stopped and its model discarded, as requested\n",
    ],
    [
      "lost",
      { trainings: [{ ...training, model: "lost", reason: "no answer" }] },
      "! bold-ibex: nothing could be downloaded, and its model is lost if it had one: no answer\n",
    ],
  ])("reports a model as %s, and exits with 0 if everything is gone", async (_what, gc, text) => {
    const { exitCode, out } = await runCli("gc", { gc });
    expect(out).toBe(text);
    expect(exitCode).toBe(0);
  });

  it.each<[string, Partial<GcReport>, RegExp]>([
    [
      "the guardian goes on",
      { trainings: [{ ...training, model: "finishing" }] },
      /the guardian continues its training/,
    ],
    [
      "a process drives it",
      { driven: [driven] },
      /driven by the guardian \(process 42\).* unitrain stop bold-ibex/,
    ],
    [
      "it is being released",
      { driven: [{ ...driven, releasing: true }] },
      /is being released .* again: unitrain gc/,
    ],
    [
      "it is only listed",
      { pending: [{ runId: "r", resource: instance }] },
      /would be released: instance 7f3a/,
    ],
  ])("exits with 4 while something may cost money: %s", async (_what, gc, text) => {
    const { exitCode, out } = await runCli("gc", { gc });
    expect(out).toMatch(text);
    expect(exitCode).toBe(4);
  });

  it("lists all unconfirmed resources of a run in one message, with a price only if they cost money", async () => {
    const unconfirmed = [instance, key].map((resource) => ({ runId: "r", resource, reason: "HTTP 500" }));
    const { out } = await runCli("gc", { gc: { unconfirmed } });
    expect(out).toContain("! UNSURE  instance 7f3a, ssh-key unitrain-a of r\n          HTTP 500\n!");
    expect((await runCli("gc", { gc: { unconfirmed: unconfirmed.slice(1) } })).out).not.toContain("$");
  });

  it("reports a release that could not be recorded without a price, and exits with 4", async () => {
    const reason = "the ledger cannot be written (ENOSPC).";
    const unconfirmed = [{ runId: "r", resource: instance, reason, isGone: true as const }];
    const { exitCode, out } = await runCli("gc", { gc: { unconfirmed } });
    expect(out).toContain(`! gone, but not recorded    instance 7f3a of r\n          ${reason}\n`);
    expect(out).not.toMatch(/UNSURE|\$/);
    expect(exitCode).toBe(4);
  });

  it.each([
    ["gc", "gc"],
    ["gc --finish", "gc finish"],
    ["gc --discard", "gc discard"],
    ["gc --within 2.5", "gc 150000 ms"],
    ["gc --dry-run", "gc --dry-run"],
  ])("%s", async (line, expectedCall) => {
    expect((await runCli(line)).calls).toEqual([expectedCall]);
  });

  it("rejects --finish together with --discard", async () => {
    const { exitCode, calls: expectedCall } = await runCli("gc --finish --discard");
    expect([exitCode, expectedCall]).toEqual([2, []]);
  });

  it("continues at the first Ctrl-C, releases at once at the second, and exits with 4 at the third", async () => {
    const cli = createCollectingContext({ doesGcWait: true });
    const ended = main(["gc"], cli.context);
    await expect.poll(() => cli.stderr.text()).toContain("stopping its training");
    cli.send("SIGINT");
    expect(cli.stderr.text()).toContain("Press Ctrl-C again to release at once");
    expect(cli.calls).toEqual(["gc"]);
    cli.send("SIGINT");
    cli.send("SIGINT");
    expect(cli.exits).toEqual([4]);
    expect(await ended).toBe(0);
    expect(cli.calls).toEqual(["gc", "gc releases now"]);
  });

  it("prints the complete report with --json", async () => {
    const trainings = [{ ...training, model: "downloaded", path: "/project/runs/best.pt" }] as const;
    expect(JSON.parse((await runCli("gc --json", { gc: { trainings } })).out)).toMatchObject({ trainings });
  });
});

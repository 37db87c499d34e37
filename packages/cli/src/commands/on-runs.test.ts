import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunEventBody, type RunSummary, UnitrainError } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { createCollectingContext, createCollector } from "../../test/collected.ts";
import {
  createBeginning,
  createEnding,
  createEpochs,
  type EventScript,
  examplePlan,
} from "../../test/event-script.ts";
import { runCli } from "../../test/run-cli.ts";
import { scratchFolders } from "../../test/scratch.ts";
import { main } from "../main.ts";

const scratch = scratchFolders();

const summary: RunSummary = {
  id: examplePlan.runId,
  name: "swift-otter",
  state: "detached",
  phase: "train",
  createdAt: "2026-11-24T12:00:00.000Z",
  machine: "this computer",
  provider: examplePlan.provider,
  job: examplePlan.job,
  metrics: {},
  unreleased: [],
  out: examplePlan.out,
};
const over = [{ ...summary, state: "over", outcome: "completed" }] as const;
const slow = [
  ...createBeginning(0),
  ...createEpochs(1, 1, 12, 0, 1),
  ...createEpochs(2, 12, 12, 1_000, 2),
  ...createEnding(),
];

describe("stop", () => {
  it("prints what it will do, and stops the run", async () => {
    const { exitCode, stderr, out, calls } = await runCli("stop swift-otter", {
      runs: [summary],
      eventScript: slow,
    });
    expect(stderr.split("\n")[0]).toBe(
      "Stopping the training of swift-otter, downloading the best model so far and cleaning up.",
    );
    expect(calls.filter((call) => call.startsWith("stop"))).toEqual(["stop"]);
    expect(out).toContain("Stopped  swift-otter");
    expect(exitCode).toBe(0);
  });

  it("does not repeat earlier events", async () => {
    const at = "2020-01-01T00:00:00.000Z";
    const { stderr } = await runCli("stop", { runs: [summary], eventScript: slow, at });
    expect(stderr).not.toContain("environment");
  });

  it("does nothing for a finished run", async () => {
    const { exitCode, stderr, calls } = await runCli("stop", { runs: over });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("swift-otter is already over");
    expect(calls.some((call) => call.startsWith("stop"))).toBe(false);
  });
});

describe("pull", () => {
  it("prints the downloaded files of a finished run", async () => {
    const { exitCode, out, stderr } = await runCli("pull swift-otter", { runs: over, role: "follower" });
    expect(exitCode).toBe(0);
    expect(stderr).toBe("swift-otter is over (completed); its results are in runs/detect/swift-otter:\n");
    expect(out).toBe(
      "runs/detect/swift-otter/weights/best.pt   5.5 MB\nruns/detect/swift-otter/results.csv   1.9 kB\n",
    );
  });

  it("asks the guardian to download if it drives the run", async () => {
    const driven = [{ ...summary, state: "active", controller: 42, guarded: true }] as const;
    const { exitCode, out, stderr, calls } = await runCli("pull", { runs: driven, role: "follower" });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      "is driven by the guardian (process 42), which downloads what exists so far and continues the training.",
    );
    expect(out).toContain("weights/best.pt");
    expect(calls).toContain("pull");
  });

  it("downloads from a detached run and leaves it running", async () => {
    const { out, calls } = await runCli("pull --json", { runs: [summary], eventScript: slow });
    expect(JSON.parse(out)).toHaveLength(2);
    expect(calls).toContain("pull");
    expect(calls).toContain("detach");
    expect(calls.some((call) => call.startsWith("stop"))).toBe(false);
  });

  it("completes a run whose training has ended in the meantime", async () => {
    const { out, calls } = await runCli("pull", {
      runs: [summary],
      eventScript: [...createBeginning(0), ...createEnding()],
    });
    expect(out).toContain("weights/best.pt");
    expect(calls).not.toContain("pull");
  });

  it("reports a run whose training has not begun", async () => {
    const { exitCode, stderr } = await runCli("pull", { runs: [{ ...summary, state: "interrupted" }] });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("To continue it: unitrain attach swift-otter");
  });
});

describe("logs", () => {
  const logOf = async (text: string) => {
    const log = join(scratch(), "training.log");
    await writeFile(log, text);
    return log;
  };

  it("prints the log of a finished run", async () => {
    const log = await logOf("epoch 1\nepoch 2\n");
    const { out, stderr, exitCode } = await runCli("logs", { runs: over, log, eventScript: [] });
    expect({ out, stderr, exitCode }).toEqual({ out: "epoch 1\nepoch 2\n", stderr: "", exitCode: 0 });
  });

  it("explains how to download more of the log if no process follows the run", async () => {
    const log = await logOf("epoch 1\n");
    const { out, stderr, calls } = await runCli("logs swift-otter", {
      runs: [summary],
      log,
      eventScript: [],
    });
    expect(out).toBe("epoch 1\n");
    expect(stderr).toContain("unitrain logs swift-otter -f");
    expect(calls).toEqual([]);
  });

  it("controls a detached run until its end with -f", async () => {
    const log = await logOf("epoch 1\n");
    const eventScript = [...createBeginning(0), ...createEpochs(1, 2, 2, 1), ...createEnding()];
    const { out, stderr, calls, exitCode } = await runCli("logs -f", { runs: [summary], log, eventScript });
    expect(out).toBe("epoch 1\n");
    expect(stderr).toContain("No process followed swift-otter. This one follows it until Ctrl-C");
    expect(calls).toContain(`attach ${summary.id}`);
    expect(calls.some((call) => call.startsWith("stop") || call === "dispose")).toBe(false);
    expect(exitCode).toBe(0);
  });

  it("reports with -f why output is withheld, unless it has been shown since", async () => {
    const log = await logOf("epoch 1\n");
    const withheld: RunEventBody = {
      type: "warning",
      phase: "train",
      message: "The output is withheld.",
      hint: "Set TOKEN to see it.",
      action: { type: "attach", run: "swift-otter" },
      withheldFor: ["TOKEN"],
    };
    const follow = async (eventScript: EventScript) =>
      (await runCli("logs -f", { runs: [summary], log, eventScript })).stderr;
    const later = (ms: number) =>
      createEnding().map(([pauseMs, event], at) => [at === 0 ? ms : pauseMs, event] as const);
    const said = "The output is withheld. Set TOKEN to see it: `unitrain attach swift-otter`.\n";
    expect(await follow([...createBeginning(0), [0, withheld], ...later(400)])).toContain(said);
    const shown: RunEventBody = { type: "log", text: "epoch 1\n", localBytes: 8 };
    expect(await follow([...createBeginning(0), [0, withheld], [0, shown], ...later(400)])).not.toContain(
      said,
    );
  });

  it("detaches from the run on Ctrl-C with -f", async () => {
    const log = await logOf("epoch 1\n");
    const cli = createCollectingContext({ runs: [summary], log, eventScript: slow });
    const ended = main(["logs", "-f"], cli.context);
    await expect.poll(() => cli.stdout.text()).toBe("epoch 1\n");
    cli.send("SIGINT");
    expect(await ended).toBe(130);
    expect(cli.stderr.text()).toContain("swift-otter continues without this process.");
    expect(cli.calls).toContain("detach");
    expect(cli.calls.some((call) => call.startsWith("stop") || call === "dispose")).toBe(false);
  });

  it("follows an active run on a terminal, unless --no-follow is set", async () => {
    const log = await logOf("epoch 1\n");
    const terminal = { stdout: createCollector({ columns: 80 }) };
    const eventScript = [...createBeginning(0), ...createEnding()];
    const followed = createCollectingContext({ runs: [summary], log, eventScript }, terminal);
    await main(["logs"], followed.context);
    expect(followed.calls).toContain(`attach ${summary.id}`);
    const printed = createCollectingContext({ runs: [summary], log, eventScript }, terminal);
    await main(["logs", "--no-follow"], printed.context);
    expect(printed.calls).toEqual([]);
  });
});

describe("ssh", () => {
  it("runs the ssh program for the run's machine, and ends with its exit code", async () => {
    const { calls, exitCode } = await runCli(
      "ssh swift-otter -L 6006:localhost:6006 -- nvidia-smi -l --help",
      {},
    );
    expect(calls).toEqual([
      "access swift-otter",
      `run ${JSON.stringify(["ssh", "-F", "/state/run/ssh config", "-L", "6006:localhost:6006", "machine", "nvidia-smi", "-l", "--help"])}`,
    ]);
    expect(exitCode).toBe(7);
  });

  it("uses the latest run if no name is given", async () => {
    expect((await runCli("ssh -- ls", {})).calls[0]).toBe("access latest");
  });

  it("prints a shell command with --print, and JSON with --json", async () => {
    expect((await runCli("ssh --print", {})).out).toBe("ssh -F '/state/run/ssh config' machine\n");
    const { out, calls } = await runCli("ssh --print --json -- ls", {});
    expect(JSON.parse(out)).toMatchObject({ target: "machine", configFile: "/state/run/ssh config" });
    expect(calls).toEqual(["access latest"]);
  });

  it("explains that a command for the machine comes after --", async () => {
    const { exitCode, stderr } = await runCli("ssh swift-otter nvidia-smi", {});
    expect(exitCode).toBe(2);
    expect(stderr).toContain("unitrain ssh swift-otter -- nvidia-smi");
  });
});

describe("a run that does not exist", () => {
  it.each(["attach", "stop", "pull", "logs", "ssh"])(
    "is answered by %s with a suggestion",
    async (command) => {
      const missing = new UnitrainError("RUN_NOT_FOUND", 'There is no run "swift-oter".');
      const script = { runs: [summary], attachError: missing, accessError: missing };
      const { exitCode, stderr } = await runCli(`${command} swift-oter`, script);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("Did you mean swift-otter?");
    },
  );
});

describe("the guardian", () => {
  it("is this program, without a screen", async () => {
    const { exitCode, out, calls } = await runCli("__guard", {});
    expect(calls).toEqual(["guard"]);
    expect(out).toMatch(/^20\d\d-.*Z swift-otter: continuing the run\n$/);
    expect(exitCode).toBe(0);
  });
});

import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { Run } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { createScriptedEngine } from "../../test/scripted-engine.ts";
import {
  type Choice,
  type InterruptReactions,
  listenForInterrupts,
  type RunSituation,
} from "./interrupts.ts";
import type { InterruptAction } from "./table.ts";

const begun: RunSituation = { hasJobBegun: true, rented: false, guarded: false };
const preparing: RunSituation = { ...begun, hasJobBegun: false };
const paid: RunSituation = { hasJobBegun: true, rented: true, guarded: true };

function listening(ask?: InterruptReactions["ask"]) {
  const source = new EventEmitter();
  const answers: InterruptAction[] = [];
  const failures: unknown[] = [];
  let exits = 0;
  const exitedPaid: boolean[] = [];
  const interrupts = listenForInterrupts(source, {
    answering: (answer) => void answers.push(answer),
    failed: (error) => void failures.push(error),
    exit: (rented) => {
      exits += 1;
      exitedPaid.push(rented);
    },
    ...(ask === undefined ? {} : { ask }),
  });
  return { source, interrupts, answers, failures, exits: () => exits, exitedPaid };
}

async function begunRun(
  script: Parameters<typeof createScriptedEngine>[0] = {},
): Promise<{ run: Run; calls: string[] }> {
  const { engine, calls } = createScriptedEngine(script);
  const run = await (await engine.runs()).attach();
  calls.length = 0;
  return { run, calls };
}

describe("interrupts", () => {
  it("abort planning, and exit at the second signal", () => {
    const { source, interrupts, exits } = listening();
    source.emit("SIGINT");
    expect(interrupts.signal.aborted).toBe(true);
    expect(exits()).toBe(0);
    source.emit("SIGINT");
    expect(exits()).toBe(1);
  });

  it("stop a run before its training, then without waiting, then exit", async () => {
    const { source, interrupts, answers, exits } = listening();
    const { run, calls } = await begunRun({ stopHangs: true });
    interrupts.holds(run, preparing);
    source.emit("SIGINT");
    source.emit("SIGINT");
    source.emit("SIGINT");
    expect(calls).toEqual(["stop", "stop 0"]);
    expect(answers).toEqual(["stop", "stop at once", "exit"]);
    expect(exits()).toBe(1);
    expect(interrupts.first()).toBe("stop");
  });

  it("detach from a run whose training has begun, and report it", async () => {
    const { source, interrupts } = listening();
    const { run, calls } = await begunRun();
    interrupts.holds(run, begun);
    source.emit("SIGTERM");
    await interrupts.watchingEnded;
    expect(calls).toContain("detach");
    expect(interrupts.first()).toBe("detach");
  });

  it("only stop watching a run that another process controls", async () => {
    const { source, interrupts } = listening();
    const { run, calls } = await begunRun({ role: "follower" });
    interrupts.holds(run, begun);
    source.emit("SIGINT");
    await interrupts.watchingEnded;
    expect(calls).toEqual([]);
  });

  it("stop a run properly that started at the moment of the signal", async () => {
    const { source, interrupts } = listening();
    source.emit("SIGINT");
    const { run, calls } = await begunRun();
    interrupts.holds(run, preparing);
    expect(calls).toContain("stop");
  });

  it("report a run that cannot be detached, and stop it if nobody can be asked, because it costs money", async () => {
    const { source, interrupts, failures } = listening();
    const { run, calls } = await begunRun({
      detachError: new Error("there is no guardian"),
      stopHangs: true,
    });
    interrupts.holds(run, paid);
    source.emit("SIGHUP");
    await expect.poll(() => calls).toEqual(["detach", "stop"]);
    expect(failures).toHaveLength(1);
  });

  it("are ignored after closing", () => {
    const { source, interrupts } = listening();
    interrupts.close();
    expect(source.eventNames()).toEqual([]);
  });
});

describe("interrupts of a training on a rented machine", () => {
  const trainingRun = async (script: Parameters<typeof begunRun>[0] = {}) => {
    const held = await begunRun({
      eventScript: [
        [0, { type: "job", jobId: "job-1", state: "started" }],
        [600_000, { type: "job", jobId: "job-1", state: "ended", exitCode: 0 }],
      ],
      ...script,
    });
    await expect.poll(() => held.run.isJobRunning).toBe(true);
    return held;
  };
  const choosing = (choice: Choice) => async () => choice;

  it.each([
    ["detach", "detach"],
    ["stop", "stop"],
    ["discard", "stop discard"],
  ] as const)("ask, and do what is chosen: %s", async (choice, done) => {
    const { source, interrupts } = listening(choosing(choice));
    const { run, calls } = await trainingRun({ stopHangs: true });
    interrupts.holds(run, paid);
    source.emit("SIGINT");
    await expect.poll(() => calls).toEqual([done]);
    expect(interrupts.first()).toBe(choice);
  });

  it("let the training continue if the user chooses that, and ask again the next time", async () => {
    let questions = 0;
    const { source, interrupts, answers } = listening(async () => {
      questions += 1;
      return "go on";
    });
    const { run, calls } = await trainingRun();
    interrupts.holds(run, paid);
    source.emit("SIGINT");
    // Once nothing is asked any more, the next one is a first one again.
    await setImmediate();
    source.emit("SIGINT");
    await setImmediate();
    expect(answers).toEqual(["ask", "ask"]);
    expect([questions, calls, interrupts.first()]).toEqual([2, [], undefined]);
  });

  it("stop the training if the answer is Ctrl-C, and leave it to the guardian at the third signal", async () => {
    const { source, interrupts, answers, exitedPaid } = listening(async () => undefined);
    const { run, calls } = await trainingRun({ stopHangs: true });
    interrupts.holds(run, paid);
    source.emit("SIGINT");
    await expect.poll(() => calls).toEqual(["stop"]);
    source.emit("SIGINT");
    expect(answers).toEqual(["ask", "stop", "exit"]);
    expect(exitedPaid).toEqual([true]);
  });

  it("close the question on SIGTERM", async () => {
    let takenBack = false;
    const { source, interrupts } = listening((_run, settled) => {
      const { promise, resolve } = Promise.withResolvers<Choice | undefined>();
      settled.addEventListener("abort", () => {
        takenBack = true;
        resolve(undefined);
      });
      return promise;
    });
    const { run, calls } = await trainingRun({ stopHangs: true });
    interrupts.holds(run, paid);
    source.emit("SIGINT");
    source.emit("SIGTERM");
    await interrupts.settle();
    expect([takenBack, calls]).toEqual([true, ["stop"]]);
  });

  it("ask again if the run could not be detached", async () => {
    const { source, interrupts, failures, answers } = listening(choosing("detach"));
    const { run } = await trainingRun({ detachError: new Error("there is no guardian") });
    interrupts.holds(run, paid);
    source.emit("SIGINT");
    await expect.poll(() => failures).toHaveLength(1);
    source.emit("SIGINT");
    expect(answers).toEqual(["ask", "detach", "ask"]);
  });

  it("release everything before the job runs, then without waiting, then leave it to the guardian", async () => {
    const { source, interrupts, answers, exitedPaid } = listening(choosing("detach"));
    const { run, calls } = await begunRun({ stopHangs: true });
    interrupts.holds(run, { ...paid, hasJobBegun: false });
    for (let press = 0; press < 3; press += 1) source.emit("SIGINT");
    expect(calls).toEqual(["stop", "stop 0"]);
    expect(answers).toEqual(["stop", "stop at once", "exit"]);
    expect(exitedPaid).toEqual([true]);
  });
});

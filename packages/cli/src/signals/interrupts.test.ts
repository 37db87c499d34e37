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
  it("abort the planning, and with the second signal the process", () => {
    const { source, interrupts, exits } = listening();
    source.emit("SIGINT");
    expect(interrupts.signal.aborted).toBe(true);
    expect(exits()).toBe(0);
    source.emit("SIGINT");
    expect(exits()).toBe(1);
  });

  it("stop a run that prepares, then at once, then leave", async () => {
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

  it("detach from a run whose training has begun, and say when it is left", async () => {
    const { source, interrupts } = listening();
    const { run, calls } = await begunRun();
    interrupts.holds(run, begun);
    source.emit("SIGTERM");
    await interrupts.watchingEnded;
    expect(calls).toContain("detach");
    expect(interrupts.first()).toBe("detach");
  });

  it("only leave a run that another process controls", async () => {
    const { source, interrupts } = listening();
    const { run, calls } = await begunRun({ role: "follower" });
    interrupts.holds(run, begun);
    source.emit("SIGINT");
    await interrupts.watchingEnded;
    expect(calls).toEqual([]);
  });

  it("end in order a run that began in the moment it was given up", async () => {
    const { source, interrupts } = listening();
    source.emit("SIGINT");
    const { run, calls } = await begunRun();
    interrupts.holds(run, preparing);
    expect(calls).toContain("stop");
  });

  it("tell when a run cannot be left, and stop it where nobody can be asked: it costs", async () => {
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

  it("hear nothing more once closed", () => {
    const { source, interrupts } = listening();
    interrupts.close();
    expect(source.eventNames()).toEqual([]);
  });
});

describe("interrupts of a training that is paid for", () => {
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

  it("go on as before when that is chosen, and ask again the next time", async () => {
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

  it("stop it when the answer is Ctrl-C, and with the third leave it to the guardian", async () => {
    const { source, interrupts, answers, exitedPaid } = listening(async () => undefined);
    const { run, calls } = await trainingRun({ stopHangs: true });
    interrupts.holds(run, paid);
    source.emit("SIGINT");
    await expect.poll(() => calls).toEqual(["stop"]);
    source.emit("SIGINT");
    expect(answers).toEqual(["ask", "stop", "exit"]);
    expect(exitedPaid).toEqual([true]);
  });

  it("take the question back when SIGTERM comes", async () => {
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

  it("ask again when it could not be left", async () => {
    const { source, interrupts, failures, answers } = listening(choosing("detach"));
    const { run } = await trainingRun({ detachError: new Error("there is no guardian") });
    interrupts.holds(run, paid);
    source.emit("SIGINT");
    await expect.poll(() => failures).toHaveLength(1);
    source.emit("SIGINT");
    expect(answers).toEqual(["ask", "detach", "ask"]);
  });

  it("release everything before the job runs, then at once, then leave it to the guardian", async () => {
    const { source, interrupts, answers, exitedPaid } = listening(choosing("detach"));
    const { run, calls } = await begunRun({ stopHangs: true });
    interrupts.holds(run, { ...paid, hasJobBegun: false });
    for (let press = 0; press < 3; press += 1) source.emit("SIGINT");
    expect(calls).toEqual(["stop", "stop 0"]);
    expect(answers).toEqual(["stop", "stop at once", "exit"]);
    expect(exitedPaid).toEqual([true]);
  });
});

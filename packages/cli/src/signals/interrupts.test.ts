import { EventEmitter } from "node:events";
import type { Run } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { scriptedEngine } from "../testing/scripted-engine.ts";
import { examplePlan } from "../testing/story.ts";
import { listenForInterrupts } from "./interrupts.ts";
import type { Answer } from "./table.ts";

function listening() {
  const source = new EventEmitter();
  const answers: Answer[] = [];
  const failures: unknown[] = [];
  let exits = 0;
  const interrupts = listenForInterrupts(source, {
    answering: (answer) => void answers.push(answer),
    failed: (error) => void failures.push(error),
    exit: () => {
      exits += 1;
    },
  });
  return { source, interrupts, answers, failures, exits: () => exits };
}

async function begunRun(
  script: Parameters<typeof scriptedEngine>[0] = {},
): Promise<{ run: Run; asked: string[] }> {
  const { engine, asked } = scriptedEngine(script);
  const run = await (await engine.runs()).attach();
  asked.length = 0;
  return { run, asked };
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
    const { run, asked } = await begunRun({ stopHangs: true });
    interrupts.holds(run, () => false);
    source.emit("SIGINT");
    source.emit("SIGINT");
    source.emit("SIGINT");
    expect(asked).toEqual(["stop", "stop 0"]);
    expect(answers).toEqual(["stop", "stop at once", "exit"]);
    expect(exits()).toBe(1);
    expect(interrupts.first()).toBe("stop");
  });

  it("detach from a run whose training has begun, and say when it is left", async () => {
    const { source, interrupts } = listening();
    const { run, asked } = await begunRun();
    interrupts.holds(run, () => true);
    source.emit("SIGTERM");
    await interrupts.left;
    expect(asked).toContain("detach");
    expect(interrupts.first()).toBe("detach");
  });

  it("only leave a run that another process controls", async () => {
    const { source, interrupts } = listening();
    const { run, asked } = await begunRun({ role: "follower" });
    interrupts.holds(run, () => true);
    source.emit("SIGINT");
    await interrupts.left;
    expect(asked).toEqual([]);
  });

  it("end in order a run that began in the moment it was given up", async () => {
    const { source, interrupts } = listening();
    source.emit("SIGINT");
    const { run, asked } = await begunRun();
    interrupts.holds(run, () => false);
    expect(asked).toContain("stop");
  });

  it("tell when an answer cannot be carried out", async () => {
    const { source, interrupts, failures } = listening();
    const rented = { ...examplePlan, provider: { name: "cloud", ownership: "rented" as const } };
    const { run } = await begunRun({ plan: rented });
    interrupts.holds(run, () => true);
    source.emit("SIGHUP");
    await expect.poll(() => failures).toHaveLength(1);
  });

  it("hear nothing more once closed", () => {
    const { source, interrupts } = listening();
    interrupts.close();
    expect(source.eventNames()).toEqual([]);
  });
});

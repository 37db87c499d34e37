import { describe, expect, it } from "vitest";
import type { SignalName } from "../context/cli-context.ts";
import {
  chooseAction,
  findNextState,
  type InterruptAction,
  type InterruptState,
  type Situation,
  signalTables,
} from "./table.ts";

type RowOf = readonly [InterruptState, SignalName, InterruptAction];

const borrowed: readonly RowOf[] = [
  ["planning", "SIGINT", "give up"],
  ["planning", "SIGTERM", "give up"],
  ["planning", "SIGHUP", "give up"],
  ["preparing", "SIGINT", "stop"],
  ["preparing", "SIGTERM", "stop"],
  ["preparing", "SIGHUP", "detach"],
  ["training", "SIGINT", "detach"],
  ["training", "SIGTERM", "detach"],
  ["training", "SIGHUP", "detach"],
  ["watching", "SIGINT", "leave"],
  ["watching", "SIGTERM", "leave"],
  ["watching", "SIGHUP", "leave"],
  ["stopping", "SIGINT", "stop at once"],
  ["stopping", "SIGTERM", "stop at once"],
  ["stopping", "SIGHUP", "go on"],
  ["leaving", "SIGINT", "exit"],
  ["leaving", "SIGTERM", "exit"],
  ["leaving", "SIGHUP", "go on"],
];
/** With a terminal and a guardian. */
const rented: readonly RowOf[] = [
  ["planning", "SIGINT", "give up"],
  ["planning", "SIGTERM", "give up"],
  ["planning", "SIGHUP", "give up"],
  ["preparing", "SIGINT", "stop"],
  ["preparing", "SIGTERM", "stop"],
  ["preparing", "SIGHUP", "detach"],
  ["training", "SIGINT", "ask"],
  ["training", "SIGTERM", "stop"],
  ["training", "SIGHUP", "detach"],
  ["asking", "SIGINT", "stop"],
  ["asking", "SIGTERM", "stop"],
  ["asking", "SIGHUP", "detach"],
  ["finishing", "SIGINT", "stop"],
  ["finishing", "SIGTERM", "stop"],
  ["finishing", "SIGHUP", "detach"],
  ["watching", "SIGINT", "leave"],
  ["watching", "SIGTERM", "leave"],
  ["watching", "SIGHUP", "leave"],
  ["stopping", "SIGINT", "stop at once"],
  ["stopping", "SIGTERM", "stop at once"],
  ["stopping", "SIGHUP", "go on"],
  ["leaving", "SIGINT", "exit"],
  ["leaving", "SIGTERM", "exit"],
  ["leaving", "SIGHUP", "go on"],
];
const best = { guarded: true, terminal: true } as const;

describe("the table of signals", () => {
  it.each(borrowed)("on a borrowed machine, while %s, %s means: %s", (state, signal, answer) => {
    for (const guarded of [true, false])
      for (const terminal of [true, false])
        expect(chooseAction(state, signal, { ownership: "borrowed", guarded, terminal })).toBe(answer);
  });

  it.each(rented)("on a rented machine, while %s, %s means: %s", (state, signal, answer) => {
    expect(chooseAction(state, signal, { ownership: "rented", ...best })).toBe(answer);
  });

  it("has no other row for a rented machine", () => {
    expect(Object.values(signalTables.rented).flatMap((row) => Object.keys(row))).toHaveLength(rented.length);
  });

  it("stops a paid training if nobody can be asked, or if no guardian would continue it", () => {
    const alone: Situation = { ownership: "rented", guarded: false, terminal: false };
    expect(chooseAction("training", "SIGINT", { ...alone, guarded: true })).toBe("stop");
    for (const state of ["preparing", "training", "finishing", "asking"] as const)
      expect(chooseAction(state, "SIGHUP", alone)).toBe("stop");
  });

  it.each(
    (["borrowed", "rented"] as const).flatMap((ownership) =>
      (["planning", "preparing", "training", "finishing", "watching"] as const).flatMap((state) =>
        [true, false].map((terminal) => ({ ownership, state, terminal })),
      ),
    ),
  )("ends the process by the third Ctrl-C: $ownership, $standing, terminal $terminal", (situation) => {
    const answers: InterruptAction[] = [];
    let now: InterruptState = situation.state;
    for (let press = 0; press < 3; press += 1) {
      const answer: InterruptAction = chooseAction(now, "SIGINT", { ...situation, guarded: true });
      answers.push(answer);
      now = findNextState(answer, now) ?? now;
    }
    expect(answers).toContain("exit");
    if (situation.ownership === "rented" && situation.state === "training") expect(answers).toContain("stop");
  });
});

import { describe, expect, it } from "vitest";
import type { SignalName } from "../surroundings.ts";
import { type Answer, type Standing, signalTable, standingAfter } from "./table.ts";

const rows: readonly (readonly [Standing, SignalName, Answer])[] = [
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

describe("the table of signals", () => {
  it.each(rows)("while %s, %s means: %s", (standing, signal, answer) => {
    expect(signalTable[standing][signal]).toBe(answer);
  });

  it("has no row that is not here", () => {
    expect(Object.values(signalTable).flatMap((row) => Object.keys(row))).toHaveLength(rows.length);
  });

  it.each(["planning", "preparing", "training", "watching"] as const)(
    "ends the process by the third Ctrl-C while %s",
    (standing) => {
      const answers: Answer[] = [];
      let now: Standing = standing;
      for (let press = 0; press < 3; press += 1) {
        const answer: Answer = signalTable[now].SIGINT;
        answers.push(answer);
        now = standingAfter(answer) ?? now;
      }
      expect(answers).toContain("exit");
    },
  );
});

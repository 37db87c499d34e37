import { expect, test } from "vitest";
import { emptyLedger } from "../../state/ledger-state.ts";
import type { FoundRun } from "../../state/run-list.ts";
import { systemClock } from "../../time/clock.ts";
import { watchOverdue } from "./overdue.ts";

const stopAt = "2026-11-24T12:00:00.000Z";
const endsBy = "2026-11-24T12:03:00.000Z";
const found = {
  id: "r",
  name: "swift-otter",
  folder: { lock: "/r/controller.lock" },
  reading: { state: { ...emptyLedger, deadline: { stopAt, endsBy } } },
} as unknown as FoundRun;
const ending = { ...found, reading: { state: { ...found.reading.state, isStopping: true } } } as FoundRun;

function watched({ holder }: { readonly holder: number | undefined } = { holder: 42 }) {
  const done: string[] = [];
  let now = Date.parse(stopAt);
  const watch = watchOverdue({
    clock: { ...systemClock, now: () => now },
    locks: { take: async () => undefined, holder: async () => holder },
    kill: (pid) => void done.push(`kill ${pid}`),
    wake: (pid) => void done.push(`wake ${pid}`),
    showStatus: () => {},
  });
  return {
    done,
    async poll(run: FoundRun, after: string, times = 1) {
      now = Date.parse(after);
      for (let time = 0; time < times; time += 1) await watch(run);
    },
  };
}

test("does not signal a controller that has just passed its deadline", async () => {
  const { done, poll } = watched();
  await poll(found, "2026-11-24T12:00:09.000Z", 20);
  expect(done).toEqual([]);
});

test("wakes a controller after a suspend of hours and does not kill it at the first polls", async () => {
  const { done, poll } = watched();
  await poll(found, "2026-11-24T20:00:00.000Z", 5);
  expect(done).toEqual(["wake 42"]);
  await poll(ending, "2026-11-24T12:01:00.000Z", 20);
  expect(done).toEqual(["wake 42"]);
});

test("kills a controller that does not react", async () => {
  const { done, poll } = watched();
  await poll(found, "2026-11-24T20:00:00.000Z", 6);
  expect(done).toEqual(["wake 42", "kill 42"]);
});

test("wakes but never kills a controller that is ending its run, because it may be releasing the machine", async () => {
  const { done, poll } = watched();
  await poll(ending, "2026-11-24T12:10:00.000Z", 20);
  expect(done).toEqual(["wake 42"]);
});

test.each([undefined, 0, process.pid])("signals no process when the lock holder is %s", async (holder) => {
  const { done, poll } = watched({ holder });
  await poll(found, "2026-11-24T20:00:00.000Z", 20);
  expect(done).toEqual([]);
});

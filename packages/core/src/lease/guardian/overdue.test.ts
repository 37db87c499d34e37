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

test("a controller that has just passed its limit is left alone", async () => {
  const { done, poll } = watched();
  await poll(found, "2026-11-24T12:00:09.000Z", 20);
  expect(done).toEqual([]);
});

test("after a suspend of hours the controller is woken and gets time to say a last word: it is not ended at the first looks", async () => {
  const { done, poll } = watched();
  await poll(found, "2026-11-24T20:00:00.000Z", 5);
  expect(done).toEqual(["wake 42"]);
  await poll(ending, "2026-11-24T12:01:00.000Z", 20);
  expect(done).toEqual(["wake 42"]);
});

test("one that does not react is ended", async () => {
  const { done, poll } = watched();
  await poll(found, "2026-11-24T20:00:00.000Z", 6);
  expect(done).toEqual(["wake 42", "kill 42"]);
});

test("one that was stopped while it was ending the run is woken, never ended: it may be releasing", async () => {
  const { done, poll } = watched();
  await poll(ending, "2026-11-24T12:10:00.000Z", 20);
  expect(done).toEqual(["wake 42"]);
});

test.each([undefined, 0, process.pid])("nobody is signaled when the holder is %s", async (holder) => {
  const { done, poll } = watched({ holder });
  await poll(found, "2026-11-24T20:00:00.000Z", 20);
  expect(done).toEqual([]);
});

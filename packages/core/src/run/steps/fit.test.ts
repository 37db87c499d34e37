import { expect, test } from "vitest";
import type { FitFinding, MachineFacts, Plan, RunEventBody } from "../../spec/index.ts";
import { emptyLedger } from "../../state/ledger-state.ts";
import { systemClock } from "../../time/clock.ts";
import { checkFit } from "./fit.ts";

const warning = { severity: "warning", message: "Little space.", hint: "Free some." } as const;
const error = { severity: "error", message: "No GPU.", hint: "Use a GPU." } as const;

async function check(findings: readonly FitFinding[], isShipped = false) {
  const events: RunEventBody[] = [];
  const shipped = isShipped ? { shipped: { target: "/data", sentBytes: 0, reusedBytes: 0 } } : {};
  const run = {
    clock: systemClock,
    events: { emit: async (event: RunEventBody) => void events.push(event) },
    ledger: { state: { ...emptyLedger, ...shipped } },
    plan: { data: { files: 2, bytes: 100 } as Plan["data"] },
    framework: { name: "words", fit: () => findings },
  };
  await checkFit(run, {} as MachineFacts);
  return events;
}

test("a training that may not fit is warned about, and one that does not fit is refused with all reasons", async () => {
  expect(await check([warning])).toEqual([
    { type: "warning", phase: "connect", message: "Little space.", hint: "Free some." },
  ]);
  await expect(
    check([error, warning, { ...error, message: "No memory.", hint: "Use more." }]),
  ).rejects.toMatchObject({
    code: "DOES_NOT_FIT",
    message: "No GPU.\nNo memory.",
    hint: "Use a GPU. Use more.",
    adapter: "words",
  });
});

test("a machine that has the dataset is not checked again, because the dataset already uses its space", async () => {
  expect(await check([error], true)).toEqual([]);
});

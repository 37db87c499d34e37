import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createOutputSanitizer } from "../../sanitize/output-sanitizer.ts";
import { askGuardian, tellGuardian } from "../../secrets/ask-guardian.ts";
import { createRunSecrets } from "../../secrets/run-secrets.ts";
import { emptyLedger, type LedgerState } from "../../state/ledger-state.ts";
import type { FoundRun } from "../../state/run-list.ts";
import { keepSecrets } from "./kept-secrets.ts";

async function createKept() {
  const home = await mkdtemp(join(tmpdir(), "unitrain-kept-"));
  const kept = keepSecrets(home, createOutputSanitizer());
  onTestFinished(async () => {
    await kept.close();
    await rm(home, { recursive: true });
  });
  const update = (...runs: readonly FoundRun[]) => kept.update(async () => runs);
  return { home, kept, update };
}

function found(secrets: readonly string[], outcome?: LedgerState["outcome"]): FoundRun {
  const state = { ...emptyLedger, plan: { secrets }, ...(outcome === undefined ? {} : { outcome }) };
  return { id: "r", reading: { state } } as unknown as FoundRun;
}

test("nothing listens for runs that are over; a run without secrets may get some of a plugin", async () => {
  const { home, update } = await createKept();
  await update(found(["TOKEN"], "completed"));
  expect(await readdir(home)).toEqual([]);
  await update(found([]));
  expect(await tellGuardian(home, "r", { ADDED: "by-a-plugin" })).toBe(true);
});

test("a run that is driven gets values that arrive, and gives those of the environment to others until it is over", async () => {
  const { home, kept, update } = await createKept();
  const run = found(["TOKEN", "OTHER"]);
  await update(run);
  const sanitizer = createOutputSanitizer();
  sanitizer.expect(["TOKEN", "OTHER"]);
  const secrets = createRunSecrets(sanitizer, [{ TOKEN: "from-the-environment" }]);
  kept.serve("r", secrets);
  expect(await askGuardian(home, "r")).toEqual([{ TOKEN: "from-the-environment" }]);
  expect(sanitizer.missing).toEqual(["OTHER"]);
  await tellGuardian(home, "r", { OTHER: "typed-by-a-person" });
  expect(sanitizer.missing).toEqual([]);
  expect(secrets.values).toEqual({ TOKEN: "from-the-environment", OTHER: "typed-by-a-person" });
  await update(found(["TOKEN", "OTHER"], "completed"));
  expect(await askGuardian(home, "r")).toEqual([]);
});

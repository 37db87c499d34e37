import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runFolder } from "./run-folder.ts";
import type { RunSummary } from "./run-summary.ts";
import { createStamp, keepSettled, readSettled } from "./settled-run.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "unitrain-settled-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const createSummary = (id: string): RunSummary => ({
  id,
  name: "swift-otter",
  state: "over",
  outcome: "completed",
  phase: "teardown",
  createdAt: "2026-11-24T00:15:30.000Z",
  machine: "this computer",
  provider: { name: "local", ownership: "borrowed" },
  job: "train",
  metrics: {},
  unreleased: [],
  out: "/out",
});

async function begun(id = "20261124-001530-k3f9") {
  const folder = runFolder(home, id);
  await mkdir(folder.path, { recursive: true });
  await writeFile(folder.ledger, "ledger\n");
  await writeFile(folder.events, "events\n");
  return folder;
}

test("a summary is only used with the files it was made from", async () => {
  const folder = await begun();
  const summary = createSummary("20261124-001530-k3f9");
  await keepSettled(folder, createStamp(folder), summary);
  expect(readSettled(folder, createStamp(folder))).toEqual(summary);
  for (const file of [folder.ledger, folder.events]) {
    await appendFile(file, "one line more\n");
    expect(readSettled(folder, createStamp(folder))).toBeUndefined();
    await keepSettled(folder, createStamp(folder), summary);
    expect(readSettled(folder, createStamp(folder))).toEqual(summary);
  }
  await rm(folder.ledger);
  expect(createStamp(folder)).toBeUndefined();
  expect(readSettled(folder, createStamp(folder))).toBeUndefined();
});

test.each([
  ["", "an empty file"],
  ["{", "half of one"],
  ["[]", "another thing"],
  ['{"summaryVersion":2}', "one of another version"],
])("ignores a file that is not a summary: %s", async (content) => {
  const folder = await begun();
  await keepSettled(folder, createStamp(folder), createSummary("20261124-001530-k3f9"));
  await writeFile(folder.summary, content);
  expect(readSettled(folder, createStamp(folder))).toBeUndefined();
  await rm(folder.summary);
  await mkdir(folder.summary);
  expect(readSettled(folder, createStamp(folder))).toBeUndefined();
  // Failing to write a summary is not an error.
  await keepSettled(folder, createStamp(folder), createSummary("20261124-001530-k3f9"));
});

test("no summary is written for a run that may change or cost money, nor is one of another run used", async () => {
  const folder = await begun();
  const over = createSummary("20261124-001530-k3f9");
  const resource = { kind: "instance", name: "a", onRelease: "delete" } as const;
  const { outcome: _, ...open } = over;
  const others: readonly RunSummary[] = [
    { ...open, state: "active" },
    { ...open, state: "detached" },
    { ...over, unreleased: [resource] },
    { ...over, problem: { kind: "damaged", file: folder.ledger, message: "One line." } },
    { ...over, id: "20261124-001530-aaaa" },
  ];
  for (const summary of others) {
    await keepSettled(folder, createStamp(folder), summary);
    await expect(readFile(folder.summary)).rejects.toMatchObject({ code: "ENOENT" });
  }
});

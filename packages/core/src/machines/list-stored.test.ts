import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import type { CallContext, JobState, MachineFacts, Session } from "../spec/index.ts";
import { listStored } from "./list-stored.ts";

const openRun = "20260101-000000-open";
const longAgo = new Date(Date.now() - 86_400_000);

/** Creates a machine with the runs, datasets, environments and jobs of these names, last used at a time. */
async function createMachine(usedAt: Date, jobs: Readonly<Record<string, JobState["state"]>> = {}) {
  const root = await mkdtemp(join(tmpdir(), "unitrain-stored-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const facts = { workFolder: join(root, "work"), environmentsFolder: join(root, "environments") };
  const folders = [
    ...[`runs/${openRun}`, "store/digest", ...Object.keys(jobs).map((id) => `jobs/${id}`)].map((path) =>
      join(facts.workFolder, path),
    ),
    join(facts.environmentsFolder, "key"),
  ];
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "file"), "");
    for (const path of [join(folder, "file"), folder]) await utimes(path, usedAt, usedAt);
  }
  const session: Pick<Session, "run" | "getJobState"> = {
    async run({ argv: [program = "", ...words] }) {
      return { exitCode: 0, ...(await promisify(execFile)(program, words)) };
    },
    getJobState: async (id) => ({ state: jobs[id] }) as JobState,
  };
  const list = async (openRuns: readonly string[]) => {
    const items = await listStored(
      { call: (_method, call) => call(session as Session, {} as CallContext) },
      facts as MachineFacts,
      openRuns,
    );
    return Object.fromEntries(items.map(({ kind, inUse }) => [kind, inUse]));
  };
  return { list };
}

test("items are in use by a run that is not over, or by a job that may be running", async () => {
  const { list } = await createMachine(longAgo, {
    [`${openRun}-1`]: "unknown",
    "other-environment": "ended",
  });
  expect(await list([])).toEqual({ run: "its job runs", dataset: undefined, environment: undefined });
  const { list: listIdle } = await createMachine(longAgo);
  expect(await listIdle([openRun])).toEqual({
    run: "the run is not over",
    dataset: undefined,
    environment: undefined,
  });
});

test("items that were just used stay while a run of this computer is starting, before any job runs", async () => {
  const { list } = await createMachine(new Date());
  expect(await list([])).toEqual({ run: undefined, dataset: undefined, environment: undefined });
  expect(await list([openRun])).toEqual({
    run: "the run is not over",
    dataset: "it was just used",
    environment: "it was just used",
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createUnitrain } from "@unitrain/core";
import { drawDataset } from "../../examples/demo/dataset.ts";
import {
  createLifetime,
  killablePorts,
  memoryCloud,
  memoryFramework,
  memoryLocks,
  memoryProvider,
  memoryTransport,
  virtualClock,
} from "../../packages/conformance/src/index.ts";
import { compare } from "./harness.ts";

const runCount = 200;
const epochsEach = 300;
const built = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));

/** Compares the duration of frequent commands, as built, to an empty Node program. */
export async function start(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-benchmark-"));
  const empty = join(folder, "empty.mjs");
  const [home, newHome, data] = [join(folder, "home"), join(folder, "new-home"), join(folder, "data")];
  const peer = { name: "empty file", run: () => runNode([empty], home) };
  try {
    await writeFile(empty, "");
    await createRuns(home);
    await drawDataset(data);
    await compare({
      title: `runs, of ${runCount}, built, against an empty file`,
      maxRatio: 4,
      unit: "ms",
      rounds: 15,
      ours: { name: "unitrain runs", run: () => runNode([built, "runs"], home) },
      peer,
    });
    await compare({
      title: "plan of a small set, built, against an empty file",
      maxRatio: 5,
      unit: "ms",
      rounds: 15,
      ours: {
        name: "unitrain plan",
        run: () => runNode([built, "plan", data, "model=yolo11n.yaml", "epochs=3", "--no-config"], newHome),
      },
      peer,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One run in memory, and copies of its records and of its lease under other names. */
async function createRuns(home: string): Promise<void> {
  const [clock, lifetime] = [virtualClock(), createLifetime()];
  const cloud = memoryCloud(clock);
  const unitrain = createUnitrain({
    home,
    guardian: false,
    ports: killablePorts(lifetime, clock, memoryLocks()),
    provider: memoryProvider(cloud, undefined, lifetime),
    transport: memoryTransport(cloud, lifetime),
    framework: memoryFramework(cloud, lifetime),
  });
  const run = await unitrain.start(await unitrain.plan({ data: ".", out: join(home, "out") }));
  await run.result;
  await writeEpochs(join(run.paths.folder, "events.jsonl"));
  const leases = await readdir(join(home, "leases"));
  for (let number = 1; number < runCount; number += 1) {
    const id = `20260101-${String(number).padStart(6, "0")}-copy`;
    const copy = join(home, "runs", id);
    await cp(run.paths.folder, copy, { recursive: true });
    const rename = async (file: string) => {
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replaceAll(run.id, id).replaceAll(run.name, `${run.name}-${number}`));
    };
    for (const file of ["ledger.jsonl", "events.jsonl", "receipt.json"]) await rename(join(copy, file));
    for (const lease of leases) {
      const leaseCopy = join(home, "leases", lease.replace(run.id, id));
      await cp(join(home, "leases", lease), leaseCopy, { recursive: true });
      await rename(join(leaseCopy, "ledger.jsonl"));
    }
  }
}

async function writeEpochs(events: string): Promise<void> {
  const lines = (await readFile(events, "utf8")).trimEnd().split("\n");
  const epoch = lines.find((line) => line.includes('"type":"progress"')) ?? "";
  const last = lines.pop() ?? "";
  await writeFile(events, `${[...lines, ...Array(epochsEach).fill(epoch), last].join("\n")}\n`);
}

async function runNode(words: readonly string[], home: string): Promise<undefined> {
  const env = { ...process.env, UNITRAIN_HOME: home };
  const child = spawn(process.execPath, [...words], { stdio: "ignore", env });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`node ${words.join(" ")} ended with ${code}; is everything built?`);
}

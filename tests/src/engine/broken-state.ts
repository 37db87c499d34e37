import { execFileSync } from "node:child_process";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { createLifetime } from "@unitrain/conformance";
import { systemPorts } from "@unitrain/core";
import { expect, onTestFinished } from "vitest";
import { main } from "../../../packages/cli/src/main.ts";
import { createProcessContext } from "../../../packages/cli/src/program/process-context.ts";
import { createEngineHarness, type EngineHarness, getLeaseLedgerPath, startRun } from "./engine-harness.ts";

export const faults = {
  folder: async (path: string) => {
    // A killed process may still complete its last write.
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
    await mkdir(join(path, "inside"), { recursive: true });
  },
  garbage: (path: string) => replace(path, Buffer.from("\0\xff{]garbage\n\n[]\nnull\n", "latin1")),
  empty: (path: string) => replace(path, ""),
  /** Opening a pipe blocks for ever. */
  "a pipe": async (path: string) => {
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
    await mkdir(dirname(path), { recursive: true });
    execFileSync("mkfifo", [path]);
  },
  "no permission": async (path: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, "", { flag: "a" }).catch(() => {});
    await chmod(path, 0);
    onTestFinished(() => chmod(path, 0o700).catch(() => {}));
  },
} as const;

async function replace(path: string, content: string | Buffer): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5 });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Files of a run, and of the state folder itself. */
export const runFiles = [
  "",
  "ledger.jsonl",
  "events.jsonl",
  "training.log",
  "training.log.offsets",
  "receipt.json",
  "controller.lock",
  "controller.lock.holder",
  "stop-requested",
  "summary.json",
] as const;
/** Files of a run's lease. */
export const leaseFiles = ["", "ledger.jsonl", "keys", "lease.lock", "lease.lock.holder"] as const;
export const homeFiles = [
  "runs",
  "leases",
  "installation",
  "format",
  "guardian.lock",
  "guardian.log",
  "guardian-problems.json",
  "reservations.lock",
] as const;

interface StartedRun {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly leaseLedger: string;
  /** The ids of its rented resources. */
  readonly rented: readonly string[];
}

export interface BrokenHarness {
  readonly harness: EngineHarness;
  readonly victim: StartedRun;
  readonly bystander: StartedRun;
  /** Returns the resources of a run that cost money, by the provider's own records. */
  readonly alive: (run: StartedRun) => readonly string[];
  readonly command: (line: string) => Promise<{ readonly exitCode: number; readonly text: string }>;
}

/** Creates two rented runs whose processes died during the training. Commands run as an ordinary user, because root can read everything. */
export async function createBrokenHarness(): Promise<BrokenHarness> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) becomeUser(65534);
  const harness = await createEngineHarness(undefined, systemPorts.locks);
  // Registered after the stage, because the last registered step runs first, and root must remove the stage.
  if (isRoot) onTestFinished(() => becomeUser(0));
  const begin = async (): Promise<StartedRun> => {
    const before = harness.cloud.bill.length;
    const lifetime = createLifetime();
    const run = await startRun(harness.process({ lifetime }), harness);
    for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
    lifetime.kill();
    await lifetime.death;
    const rented = harness.cloud.bill.slice(before).map(({ id }) => id);
    const leaseLedger = getLeaseLedgerPath(harness, run);
    return { id: run.id, name: run.name, folder: run.paths.folder, leaseLedger, rented };
  };
  const victim = await begin();
  const bystander = await begin();
  const alive = ({ rented }: StartedRun) =>
    harness.cloud
      .alive()
      .map(({ id }) => id)
      .filter((id) => rented.includes(id));
  return { harness, victim, bystander, alive, command: (line) => command(harness, line) };
}

function becomeUser(id: number): void {
  process.seteuid?.(0);
  process.setegid?.(id);
  process.seteuid?.(id);
}

/** Runs the command line on the state folder, with the adapters of the stage. */
async function command(harness: EngineHarness, line: string) {
  let text = "";
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  });
  const unitrain = harness.process();
  const exitCode = await main(line.split(" "), {
    ...createProcessContext(),
    folder: harness.home,
    stdin: {},
    stdout: output,
    stderr: output,
    now: harness.clock.now,
    exit: () => {},
    engine: async () => ({
      runs: async () => unitrain,
      assemble: async () => unitrain,
      machine: async () => unitrain,
      openClouds: async () => [{ on: "memory", state: "open", calls: unitrain }],
      keyVariables: () => Promise.reject(new Error("There is no provider here.")),
      checkKeys: () => Promise.reject(new Error("There is no provider here.")),
      createFromRecipe: async () => {
        throw new Error("Nothing is repeated here.");
      },
    }),
  });
  return { exitCode, text };
}

/** Plan and start read the history and the names of all runs. A state folder that cannot hold a run is refused before anything is rented. */
async function startsAnotherRun(harness: EngineHarness): Promise<void> {
  const before = harness.cloud.bill.length;
  try {
    const run = await startRun(harness.process(), harness);
    expect((await run.result).receipt.lease.release).toBe("released");
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^(STATE_UNREADABLE|LEDGER_UNWRITABLE)$/) });
    expect(harness.cloud.bill).toHaveLength(before);
  }
}

async function isHeld(folder: string): Promise<boolean> {
  const holder = await systemPorts.locks.holder(join(folder, "controller.lock")).catch(() => undefined);
  return holder !== undefined;
}

/** An unexpected error: a bug of ours, shown with a message of the platform. */
const unexpected = /INTERNAL|TypeError|SyntaxError|RangeError|SQLITE|Unexpected token|\bat .*\.ts:\d+/;

/** Runs all commands on a damaged state: each reports the problem in our words, the other run is unaffected, and exit code 0 of `gc` means that nothing costs money. */
export async function surviveAll(
  { harness, victim, bystander, alive, command }: BrokenHarness,
  {
    changing = [],
    recordsAreGone = false,
  }: { readonly changing?: readonly string[]; readonly recordsAreGone?: boolean } = {},
): Promise<{ readonly runs: string; readonly gc: string; readonly gcExitCode: number }> {
  const texts = new Map<string, string>();
  for (const line of [
    "runs",
    "runs --json",
    `logs ${victim.id}`,
    `logs ${bystander.id}`,
    `ssh ${victim.id} --print`,
    "gc --dry-run",
    ...changing,
  ]) {
    const { exitCode, text } = await command(line);
    expect(text, line).not.toMatch(unexpected);
    expect([0, 1, 2, 4], `${line}: ${text}`).toContain(exitCode);
    texts.set(line, text);
  }
  await startsAnotherRun(harness);
  const messages: string[] = [];
  // Long enough for several attempts at the run that it cannot guard.
  const over = new AbortController();
  const timer = harness.clock.after(10 * 60_000, () => over.abort());
  await harness
    .process()
    .guard({ showStatus: (message) => void messages.push(message), idleMs: 2_000, signal: over.signal })
    .catch((error) => {
      expect(error).toMatchObject({ code: "STATE_UNREADABLE" });
    });
  timer.cancel();
  // When the guardian ends, its runs in this process still need to end: wait for them.
  for (const { folder } of [victim, bystander])
    await expect.poll(() => isHeld(folder), { timeout: 10_000 }).toBe(false);
  // It reports each problem once, however often it checks.
  expect(messages.length).toBe(new Set(messages).size);
  const gc = await command("gc");
  expect(gc.text).not.toMatch(unexpected);
  if (!recordsAreGone && alive(victim).length + alive(bystander).length > 0)
    expect(gc.exitCode, gc.text).toBe(4);
  return { runs: texts.get("runs") ?? "", gc: gc.text, gcExitCode: gc.exitCode };
}

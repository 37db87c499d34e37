import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createUnitrain, type Run, type RunEvent, systemPorts } from "@unitrain/core";
import { local } from "@unitrain/provider-local";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createLocalHarness, type LocalHarness, runsIn } from "./local-harness.ts";
import { shellFramework } from "./shell-framework.ts";

const canary = "canary-0123456789abcdef";

/** Prints the secret before and after the test creates the file `more`, and again before it ends with the file `end`. Waits at most two minutes each. */
const script = `wait_for() { tries=0; until [ -e "$output/$1" ] || [ $((tries += 1)) -gt 2400 ]; do sleep 0.05; done; }
echo "first $TOKEN"; echo 1 >>"$output/epochs.txt"
wait_for more; echo "second $TOKEN"; echo 2 >>"$output/epochs.txt"
wait_for end; echo "third $TOKEN"; printf 'whole end\\n' >"$output/best.model"`;
const wholeLog = "first [redacted]\nsecond [redacted]\nthird [redacted]\n";

const program = fileURLToPath(new URL("../../../packages/core/src/guardian-process.ts", import.meta.url));

/** Starts a guardian in a process of its own, and returns a function that kills it. */
async function startGuardian({ home }: LocalHarness) {
  const words = ["--disable-warning=ExperimentalWarning", "--conditions=@unitrain/source", program];
  const env = { ...process.env, UNITRAIN_HOME: home };
  const child = spawn(process.execPath, words, { env, stdio: "ignore" });
  const ended = once(child, "exit");
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  onTestFinished(kill);
  await waitForHolder(join(home, "guardian.lock"));
  return kill;
}

function waitForHolder(lock: string) {
  return vi.waitFor(async () => expect(await systemPorts.locks.holder(lock)).toBeDefined(), {
    timeout: 60_000,
    interval: 200,
  });
}

/** Starts a training with a secret and detaches from it once its first line is in the log. */
async function detachedRun({ maxHours, exitCode = 0 }: { maxHours?: number; exitCode?: number } = {}) {
  const harness = await createLocalHarness();
  const unitrain = createUnitrain({
    home: harness.home,
    guardian: false,
    provider: local({ workFolder: harness.workFolder }),
    framework: shellFramework({ script: `${script}; exit ${exitCode}`, secrets: ["TOKEN"] }),
  });
  const plan = await unitrain.plan({
    data: harness.home,
    out: harness.out,
    secrets: ["TOKEN"],
    ...(maxHours === undefined ? {} : { maxHours }),
  });
  const run = await unitrain.start(plan, { secrets: { TOKEN: canary } });
  await waitFor(run, (event) => event.type === "log");
  const killGuardian = maxHours === undefined ? undefined : await startGuardian(harness);
  await run.detach();
  await run.result.catch(() => {});
  const output = join(harness.workFolder, "runs", run.id, "attempt-1/out");
  const create = (name: string) => writeFile(join(output, name), "");
  return { harness, run, create, killGuardian };
}

async function waitFor(run: Run, isIt: (event: RunEvent) => boolean): Promise<RunEvent> {
  for await (const event of run.events) if (isIt(event)) return event;
  throw new Error("the run ended before that");
}

const isWithheld = (event: RunEvent) => event.type === "warning" && event.withheldFor !== undefined;
const isEpoch = (epoch: number) => (event: RunEvent) => event.type === "progress" && event.done === epoch;

/** Returns everything that this computer shows of a run or has written about it. */
async function readRecords({ paths }: Run): Promise<string> {
  const files = ["ledger.jsonl", "events.jsonl", "training.log", "training.log.offsets"];
  const texts = await Promise.all(files.map((file) => readFile(join(paths.folder, file), "utf8")));
  return texts.join("");
}

afterEach(() => vi.unstubAllEnvs());

describe("a process without the value of a secret", () => {
  test("withholds the output but shows the progress, and a process with the value shows each line once", async () => {
    const { harness, run, create } = await detachedRun();
    const without = await runsIn(harness.home).attach();
    expect(await waitFor(without, isWithheld)).toMatchObject({
      withheldFor: ["TOKEN"],
      hint: "Set TOKEN to see it.",
      action: { type: "attach", run: run.name },
    });
    await create("more");
    await waitFor(without, isEpoch(2));
    await without.detach();
    expect(await readFile(run.paths.log, "utf8")).toBe("first [redacted]\n");
    expect(await readRecords(run)).not.toContain(canary);

    vi.stubEnv("TOKEN", canary);
    const again = await runsIn(harness.home).attach();
    await create("end");
    expect((await again.result).outcome).toBe("completed");
    expect(await readFile(run.paths.log, "utf8")).toBe(wholeLog);
    expect(await readRecords(run)).not.toContain(canary);
  });

  test("downloads the model, and says in the log and in the error that output was withheld", async () => {
    const { harness, run, create } = await detachedRun({ exitCode: 3 });
    const without = await runsIn(harness.home).attach();
    await create("more");
    await create("end");
    const note = "[unitrain withheld 61 B of output, because the value of TOKEN was missing]";
    const error = await without.result.catch((thrown) => thrown);
    expect(error.message).toBe(`The training ended with exit code 3:\n  ${note}`);
    expect(await readFile(run.paths.log, "utf8")).toBe(`first [redacted]\n${note}\n`);
    expect(await readFile(join(harness.out, "best.model"), "utf8")).toBe("whole end\n");
    expect(await readRecords(run)).not.toContain(canary);
  });

  test("asks for it, and shows everything if somebody answers", async () => {
    const { harness, run, create } = await detachedRun();
    const asked: string[] = [];
    const askSecret = async (name: string) => {
      asked.push(name);
      return canary;
    };
    const answered = await runsIn(harness.home).attach(run.id, { askSecret });
    await create("more");
    await create("end");
    await answered.result;
    expect(asked).toEqual(["TOKEN"]);
    expect(await readFile(run.paths.log, "utf8")).toBe(wholeLog);
  });
});

describe("the guardian", () => {
  test("masks with values from its memory, gives them to the user's processes, and takes one after it was killed", {
    timeout: 240_000,
  }, async () => {
    const { harness, run, create, killGuardian } = await detachedRun({ maxHours: 1 });
    const readLog = () => readFile(run.paths.log, "utf8");
    await create("more");
    await vi.waitFor(async () => expect(await readLog()).toBe("first [redacted]\nsecond [redacted]\n"), {
      timeout: 60_000,
      interval: 200,
    });
    const socket = (await readFile(join(harness.home, "guardian-socket"), "utf8")).trim();
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(socket))).mode & 0o777).toBe(0o700);

    // The computer was restarted: nobody has the value any more.
    await killGuardian?.();
    await startGuardian(harness);
    await waitForHolder(join(run.paths.folder, "controller.lock"));
    const follower = await runsIn(harness.home).attach();
    expect(follower.role).toBe("follower");
    await waitFor(follower, isWithheld);
    const asked = await runsIn(harness.home).attach(run.id, { askSecret: async () => canary });
    expect(asked.role).toBe("follower");
    await create("end");
    expect((await asked.result).outcome).toBe("completed");
    expect(await readLog()).toBe(wholeLog);
    expect(await readRecords(run)).not.toContain(canary);
  });
});

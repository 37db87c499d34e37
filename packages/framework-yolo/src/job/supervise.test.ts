import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, it, vi } from "vitest";
import { readPythonProgram } from "../python-program.ts";

/** Replaces the launcher, and logs what happens to it. */
const launcher = (training: string) => `
import json, os, signal, subprocess, sys, time
settings = json.loads(sys.argv[1])
log = open(os.path.join(settings["scratch"], "log"), "a", buffering=1)
def child(program, **more):
    return subprocess.Popen([sys.executable, "-c", program], stdout=log, stderr=log, **more)
if settings["process"] == "strip":
    log.write("stripped\\n")
else:
${training
  .trim()
  .split("\n")
  .map((line) => `    ${line}`)
  .join("\n")}
`;

/** Ends shortly after SIGTERM, as a training does that is saving. */
const saving = `
signal.signal(signal.SIGTERM, lambda number, frame: (time.sleep(0.5), log.write("saved\\n"), os._exit(7)))
`;

describe.concurrent("the supervisor of a training", () => {
  it("exits with the exit code of the training, and reports the signal that killed it", async ({
    expect,
  }) => {
    expect(await supervised("pass")).toMatchObject({ code: 0, log: "", stdout: "" });
    expect(await supervised("sys.exit(5)")).toMatchObject({ code: 5, log: "" });
    const killedExitCode = await supervised("os.kill(os.getpid(), signal.SIGKILL)");
    expect(killedExitCode.code).toBe(137);
    expect(killedExitCode.stdout).toMatch(/^unitrain: the training failed: \{.*"signal": 9\}$/m);
  });

  it("lets the training save after SIGTERM, then strips the model", async ({ expect }) => {
    const training = `${saving}log.write("ready\\n")\ntime.sleep(60)`;
    expect(await supervised(training, async (tell) => tell("SIGTERM"))).toMatchObject({
      code: 143,
      log: "ready\nsaved\nstripped\n",
    });
  });

  it("waits for ranks that the training started in other sessions", async ({ expect }) => {
    const rank =
      "import signal,time,os,sys; signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.7), print('rank 0 saved', flush=True), os._exit(0))); print('ready', flush=True); time.sleep(60)";
    // Like torchrun: its ranks are outside its process group, so it forwards the signal to them.
    const agent = `import subprocess,sys,signal,os; rank=subprocess.Popen([sys.executable,"-c",${JSON.stringify(rank)}],start_new_session=True); signal.signal(signal.SIGTERM, lambda *_: (rank.terminate(), os._exit(1))); rank.wait()`;
    const training = `child(${JSON.stringify(agent)}).wait()`;
    expect(await supervised(training, async (tell) => tell("SIGTERM"))).toMatchObject({
      code: 143,
      log: "ready\nrank 0 saved\nstripped\n",
    });
  });

  it("ignores a second SIGTERM within moments, and ends at once after a later one", async ({ expect }) => {
    const training = `${saving}log.write("ready\\n")\ntime.sleep(60)`;
    const twice = await supervised(training, async (tell) => {
      tell("SIGTERM");
      await setTimeout(50);
      tell("SIGTERM");
    });
    expect(twice).toMatchObject({ code: 143, log: "ready\nsaved\nstripped\n" });
    const deaf = `signal.signal(signal.SIGTERM, signal.SIG_IGN)\nlog.write("ready\\n")\ntime.sleep(60)`;
    const again = await supervised(deaf, async (tell) => {
      tell("SIGTERM");
      await setTimeout(2_200);
      tell("SIGTERM");
    });
    expect(again).toMatchObject({ code: 143, log: "ready\n" });
  });

  it("reports success for a training that had ended before SIGTERM", async ({ expect }) => {
    const training = `signal.signal(signal.SIGTERM, lambda *_: os._exit(0))\nlog.write("ready\\n")\ntime.sleep(60)`;
    expect(await supervised(training, async (tell) => tell("SIGTERM"))).toMatchObject({
      code: 0,
      log: "ready\n",
    });
  });
});

async function supervised(
  training: string,
  meanwhile?: (tell: (signal: NodeJS.Signals) => void) => Promise<void>,
) {
  const scratch = mkdtempSync(join(tmpdir(), "unitrain-supervise-"));
  const settings = JSON.stringify({ scratch, launch: launcher(training) });
  const child = spawn("python3", ["-c", readPythonProgram("supervise.py"), settings], { detached: true });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const log = () => {
    try {
      return readFileSync(join(scratch, "log"), "utf8");
    } catch {
      return "";
    }
  };
  const ended = waitForExit(child);
  if (meanwhile !== undefined) {
    await vi.waitUntil(() => log().includes("ready"), { timeout: 20_000 });
    await meanwhile((signal) => child.kill(signal));
  }
  const code = await ended;
  const output = log();
  rmSync(scratch, { recursive: true });
  return { code, log: output, stdout, stderr };
}

const waitForExit = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "@unitrain/core/spec";
import { describe, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { readLog, waitForLogText } from "../../test/follow-to-end.ts";
import { isAlive } from "../../test/processes.ts";
import { type OnEnd, type TestMachine, testMachine } from "../../test/test-machine.ts";
import type { JobLauncher } from "./launcher.ts";
import { setsid } from "./setsid.ts";
import { startJob } from "./start.ts";

describe.concurrent("a killed wrapper", () => {
  it("makes the job lost, and its remaining processes can be stopped", async ({ expect, onTestFinished }) => {
    const { machine, session, job } = await startAndWait(
      onTestFinished,
      "echo pid $$; sleep 300 & exec sleep 301",
    );
    const pid = Number(/pid (\d+)/.exec(await logText(machine, job))?.[1]);
    process.kill(getWrapperPid(machine, job), "SIGKILL");
    await expect
      .poll(() => session.getJobState(job.id, testContext()), { timeout: 5_000 })
      .toMatchObject({ state: "lost", detail: expect.stringContaining("2 processes of the job remain") });
    // Following ends after the existing log.
    expect((await readLog(session, job.id)).toString()).toContain("pid");
    expect(isAlive(pid)).toBe(true);
    await session.stop(job.id, 5_000, testContext());
    expect(isAlive(pid)).toBe(false);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({
      state: "lost",
      detail: expect.stringContaining("no process of the job remains"),
    });
  });

  it("makes the state an error, not an end, while the job's folder cannot be entered", async ({
    expect,
    onTestFinished,
  }) => {
    const { machine, session, job } = await startAndWait(onTestFinished, "echo begun; exec sleep 300");
    const folder = getFolder(machine, job);
    const movedFolder = join(machine.workFolder, "away");
    await rename(folder, movedFolder);
    await writeFile(folder, "as on a disk that does not answer");
    await expect(session.getJobState(job.id, testContext())).rejects.toMatchObject({
      code: "REMOTE_COMMAND",
    });
    await expect(session.stop(job.id, 0, testContext())).rejects.toMatchObject({ code: "REMOTE_COMMAND" });
    await rm(folder);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "never-started" });
    await rename(movedFolder, folder);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "running" });
  });

  it("does not mean a reboot when the machine cannot tell its boot", async ({ expect, onTestFinished }) => {
    const { machine, session, job } = await startAndWait(onTestFinished, "echo begun; exec sleep 300");
    const state = join(getFolder(machine, job), "state");
    for (const boot of ["unknown", ""]) {
      await writeFile(state, readFileSync(state, "utf8").replace(/^boot=.*$/m, `boot=${boot}`));
      expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "running" });
    }
    await writeFile(state, readFileSync(state, "utf8").replace(/^boot=.*$/m, "boot=another"));
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "rebooted" });
  });

  it("is not caused by TERM, HUP, INT or QUIT", async ({ expect, onTestFinished }) => {
    const { machine, session, job } = await startAndWait(
      onTestFinished,
      "echo begun; until [ -e go ]; do sleep 0.1; done; exit 4",
    );
    for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"])
      process.kill(getWrapperPid(machine, job), signal);
    await writeFile(join(job.cwd, "go"), "");
    await readLog(session, job.id);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 4 });
  });

  it("loses nothing once it has the exit code", async ({ expect, onTestFinished }) => {
    const { machine, session, job } = await startAndWait(
      onTestFinished,
      "echo begun; (trap '' TERM; exec setsid sleep 300) & exit 6",
    );
    const code = join(getFolder(machine, job), "code");
    await expect.poll(() => readFileSync(code, "utf8"), { timeout: 5_000 }).toMatch(/^6 /);
    process.kill(getWrapperPid(machine, job), "SIGKILL");
    await expect
      .poll(() => session.getJobState(job.id, testContext()), { timeout: 5_000 })
      .toMatchObject({ state: "ended", exitCode: 6 });
  });
});

it.concurrent("an exit code that cannot be written into the job's folder is kept on another disk", async ({
  expect,
  onTestFinished,
}) => {
  const { machine, session, job } = await startAndWait(
    onTestFinished,
    "echo begun; until [ -e go ]; do sleep 0.1; done; exit 9",
  );
  // Simulates a disk that accepts no more data.
  const code = join(getFolder(machine, job), "code");
  await rm(code);
  await mkdir(code);
  await writeFile(join(job.cwd, "go"), "");
  await readLog(session, job.id);
  expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 9 });
  const second =
    /^fallback=(.*)$/m.exec(readFileSync(join(getFolder(machine, job), "state"), "utf8"))?.[1] ?? "";
  expect(second.startsWith(machine.workFolder)).toBe(false);
  expect(readFileSync(second, "utf8")).toMatch(/^9/);
  await rm(second);
});

describe.concurrent("a rebooted machine", () => {
  it("is reported, even when another process has the wrapper's id by now", async ({
    expect,
    onTestFinished,
  }) => {
    const { machine, session, job } = await startAndWait(onTestFinished, "echo begun; exec sleep 300");
    const wrapper = getWrapperPid(machine, job);
    const asItWas = readFileSync(join(getFolder(machine, job), "state"), "utf8");
    // The state that the next boot finds.
    await edit(machine, job, (state) => state.replace(/^boot=.*$/m, "boot=an-earlier-one"));
    expect(await session.getJobState(job.id, testContext())).toMatchObject({
      state: "rebooted",
      detail: expect.stringContaining("rebooted since"),
      logBytes: 6,
    });
    expect((await readLog(session, job.id)).toString()).toBe("begun\n");
    await session.stop(job.id, 100, testContext());
    expect(isAlive(wrapper)).toBe(true);
    await edit(machine, job, () => asItWas);
  });

  it("does not take another process with the wrapper's id for the wrapper", async ({
    expect,
    onTestFinished,
  }) => {
    const { machine, session, job } = await startAndWait(onTestFinished, "echo begun; exec sleep 300");
    const stranger = spawn("sleep", ["300"]);
    const state = readFileSync(join(getFolder(machine, job), "state"), "utf8");
    await edit(machine, job, (text) => text.replace(/^wrapper=\d+/m, `wrapper=${stranger.pid}`));
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "lost" });
    await edit(machine, job, () => state);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "running" });
    stranger.kill();
  });

  it("is reported when its shutdown ended the job", async ({ expect, onTestFinished }) => {
    const { machine, session, job } = await startAndWait(onTestFinished, "echo pid $$; exec sleep 300");
    const pid = Number(/pid (\d+)/.exec(await logText(machine, job))?.[1]);
    // The signal that init sends to all processes.
    process.kill(getWrapperPid(machine, job), "SIGTERM");
    process.kill(pid, "SIGTERM");
    await readLog(session, job.id);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 143 });
    await edit(machine, job, (state) => state.replace(/^boot=.*$/m, "boot=an-earlier-one"));
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "rebooted" });
  });

  it("keeps the exit code of a job that had ended before", async ({ expect, onTestFinished }) => {
    const { machine, session, job } = await startAndWait(onTestFinished, "echo begun; exit 3");
    await readLog(session, job.id);
    await edit(machine, job, (state) => state.replace(/^boot=.*$/m, "boot=an-earlier-one"));
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 3 });
  });
});

it.concurrent("a silent job is running, whatever the clock says", async ({ expect, onTestFinished }) => {
  const { machine, session, job } = await startAndWait(onTestFinished, "echo begun; sleep 4; echo woke");
  for (const name of await readdir(getFolder(machine, job))) {
    const years = name === "log" ? 10 : -10;
    const when = Date.now() / 1000 + years * 365 * 86_400;
    await utimes(join(getFolder(machine, job), name), when, when);
  }
  expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "running" });
  expect((await readLog(session, job.id)).toString()).toBe("begun\nwoke\n");
});

describe.concurrent("an interrupted start", () => {
  it("before the launch is completed by the next start", async ({ expect, onTestFinished }) => {
    const machine = await testMachine(onTestFinished);
    const inner = setsid();
    const dying = await machine.connect({
      launchers: [{ ...inner, start: () => Promise.reject(new Error("killed here")) }],
    });
    const job = machine.job("echo once", { secrets: ["TOKEN"] });
    await expect(dying.start(job, { TOKEN: "canary-secret" }, testContext())).rejects.toThrow("killed here");
    expect(await dying.getJobState(job.id, testContext())).toEqual({ state: "never-started" });
    // Only the user of the machine can read the file that holds the values until the job begins.
    const begun = (await readdir(getFolder(machine, job))).find((name) => name.startsWith("start-")) ?? "";
    const startFolder = join(getFolder(machine, job), begun);
    expect(await readFile(join(startFolder, "child"), "utf8")).toContain("canary-secret");
    expect((await stat(join(startFolder, "child"))).mode & 0o777).toBe(0o600);
    expect((await stat(startFolder)).mode & 0o777).toBe(0o700);
    const session = await machine.connect({ launchers: [inner] });
    await session.start(job, { TOKEN: "canary-secret" }, testContext());
    expect((await readLog(session, job.id)).toString()).toBe("once\n");
    // The files of the first start, which contain secrets, are removed too.
    expect((await readdir(getFolder(machine, job))).filter((name) => name.startsWith("start-"))).toEqual([]);
  });

  it("after the launch leads to the same job", async ({ expect, onTestFinished }) => {
    const machine = await testMachine(onTestFinished);
    const inner = setsid();
    const dying = await machine.connect({
      launchers: [
        {
          ...inner,
          start: async (shell, prepared) => {
            await inner.start(shell, prepared);
            throw new Error("killed here");
          },
        },
      ],
    });
    const job = machine.job("echo once; sleep 1");
    await expect(dying.start(job, {}, testContext())).rejects.toThrow("killed here");
    const session = await machine.connect({ launchers: [inner] });
    await session.start(job, {}, testContext());
    expect((await readLog(session, job.id)).toString()).toBe("once\n");
  });

  it("throws JOB_NOT_STARTED when the launcher never runs the wrapper, and a late wrapper runs nothing", async ({
    expect,
    onTestFinished,
  }) => {
    const machine = await testMachine(onTestFinished);
    let wrapper = "";
    const sleepy: JobLauncher = {
      name: "sleepy",
      available: async () => true,
      start: async (_shell, prepared) => {
        wrapper = prepared.wrapper;
        return "1";
      },
    };
    const session = await machine.connect({ launchers: [sleepy] });
    const connected = machine.connected();
    const job = machine.job("echo never");
    await expect(startJob(connected, job, {}, [sleepy], testContext(), 500)).rejects.toMatchObject({
      code: "JOB_NOT_STARTED",
      message: expect.stringContaining("sleepy"),
    });
    expect((await session.run({ argv: ["sh", wrapper] }, testContext())).exitCode).not.toBe(0);
    expect(await session.getJobState(job.id, testContext())).toEqual({ state: "never-started" });
    expect(existsSync(getFolder(machine, job))).toBe(false);
  });

  it("says why the job's folder cannot be created", async ({ expect, onTestFinished }) => {
    const machine = await testMachine(onTestFinished);
    const session = await machine.connect();
    await writeFile(join(machine.root, "file"), "");
    const job = machine.job(":", { cwd: join(machine.root, "file/cwd") });
    await expect(session.start(job, {}, testContext())).rejects.toMatchObject({
      code: "JOB_NOT_STARTED",
      message: expect.stringContaining("file/cwd"),
    });
    await expect(
      session.start({ ...job, cwd: machine.root, env: { "A B": "" } }, {}, testContext()),
    ).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
  });
});

async function startAndWait(onTestFinished: OnEnd, script: string) {
  const machine = await testMachine(onTestFinished);
  const session = await machine.connect({ launchers: [setsid()] });
  const job = machine.job(script);
  await session.start(job, {}, testContext());
  await waitForLogText(session, job.id, "\n");
  return { machine, session, job };
}

function getFolder(machine: TestMachine, job: Job): string {
  return join(machine.workFolder, "jobs", job.id);
}

function getWrapperPid(machine: TestMachine, job: Job): number {
  return Number(/^wrapper=(\d+) /m.exec(readFileSync(join(getFolder(machine, job), "state"), "utf8"))?.[1]);
}

async function logText(machine: TestMachine, job: Job): Promise<string> {
  return readFileSync(join(getFolder(machine, job), "log"), "utf8");
}

async function edit(machine: TestMachine, job: Job, change: (state: string) => string): Promise<void> {
  const path = join(getFolder(machine, job), "state");
  await writeFile(`${path}.edited`, change(readFileSync(path, "utf8")));
  await rename(`${path}.edited`, path);
}

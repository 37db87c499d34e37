import { readdirSync, readlinkSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FollowPart } from "@unitrain/core/spec";
import { describe, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { createCuttingExecutor } from "../../test/cutting-executor.ts";
import { readLog } from "../../test/follow-to-end.ts";
import { type OnEnd, testMachine } from "../../test/test-machine.ts";
import type { Executor } from "../executor/executor.ts";
import { followJob } from "./follow.ts";
import { setsid } from "./setsid.ts";

describe.concurrent("following a job", () => {
  const startAndWait = async (onTestFinished: OnEnd, script: string, watch: readonly string[] = []) => {
    const machine = await testMachine(onTestFinished);
    const session = await machine.connect({ launchers: [setsid()] });
    const job = machine.job(script, { watch });
    await session.start(job, {}, testContext());
    return { machine, session, job };
  };

  it("starts at any raw offset", async ({ expect, onTestFinished }) => {
    const { session, job } = await startAndWait(onTestFinished, "printf 'äöü\\n0123456789'");
    const fullLog = await readLog(session, job.id);
    for (let offset = 0; offset <= fullLog.length; offset += 1) {
      expect((await readLog(session, job.id, offset)).equals(fullLog.subarray(offset))).toBe(true);
    }
    expect(await readLog(session, job.id, fullLog.length + 5)).toHaveLength(0);
  });

  it("yields each line once and in order when the connection is lost again and again", async ({
    expect,
    onTestFinished,
  }) => {
    const { machine, job } = await startAndWait(
      onTestFinished,
      "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i + 1)); done",
    );
    const chunks: Buffer[] = [];
    let offset = 0;
    let cuts = 0;
    for (let isOver = false; !isOver; ) {
      // The first command after the hello follows the job; its mark and a heartbeat come before the log.
      const cut = {
        afterBytes: 40 + Math.floor(Math.random() * 15_000),
        stream: "stdout",
        command: 1,
      } as const;
      const executor = cuts < 12 ? createCuttingExecutor(machine.executor(), cut) : machine.executor();
      const session = await machine.connect({ executor });
      try {
        for await (const part of session.follow(job.id, offset, testContext())) {
          if (part.kind !== "log") continue;
          expect(part.offset).toBe(offset);
          offset += part.bytes.length;
          chunks.push(Buffer.from(part.bytes));
        }
        isOver = true;
      } catch (error) {
        expect(error).toMatchObject({ code: "CONNECTION_LOST" });
        cuts += 1;
      }
      await session[Symbol.asyncDispose]();
    }
    expect(cuts).toBe(12);
    const expectedLog = Array.from({ length: 20_000 }, (_, at) => `line ${at}\n`).join("");
    expect(Buffer.concat(chunks).toString() === expectedLog).toBe(true);
  });

  it("yields watched files, and no others, whole at the beginning and after each change", async ({
    expect,
    onTestFinished,
  }) => {
    const machine = await testMachine(onTestFinished);
    const csv = join(machine.root, "it's results.csv");
    const later = join(machine.root, "later\nfile");
    const large = join(machine.root, "large");
    writeFileSync(csv, "epoch\n1\n");
    writeFileSync(large, Buffer.alloc(3_000_000, "x"));
    const session = await machine.connect({ launchers: [setsid()] });
    const watch = [csv, later, large, join(machine.root, "never"), machine.root];
    const job = machine.job("sleep 300", { watch });
    await session.start(job, {}, testContext());
    const files: FollowPart[] = [];
    const next = async (count: number) => {
      for await (const part of session.follow(job.id, 0, testContext())) {
        if (part.kind === "file") files.push(part);
        if (files.length >= count) return;
      }
    };
    await next(2);
    expect(readFileText(files, csv)).toEqual(["epoch\n1\n"]);
    expect(files.find((part) => part.kind === "file" && part.path === large)?.bytes).toHaveLength(
      1024 * 1024,
    );

    files.length = 0;
    const changes = (async () => {
      await sleep(700);
      // The new file has the same length and replaces the old one at once.
      writeFileSync(`${csv}.new`, "epoch\n2\n");
      renameSync(`${csv}.new`, csv);
      await sleep(700);
      writeFileSync(later, Buffer.from([0, 255, 10]));
    })();
    await next(4);
    await changes;
    expect(readFileText(files, csv)).toEqual(["epoch\n1\n", "epoch\n2\n"]);
    expect(files.at(-1)).toEqual({ kind: "file", path: later, bytes: Buffer.from([0, 255, 10]) });
  });

  it("yields the last version of a watched file before it ends", async ({ expect, onTestFinished }) => {
    const machine = await testMachine(onTestFinished);
    const csv = join(machine.root, "results.csv");
    const session = await machine.connect({ launchers: [setsid()] });
    const job = machine.job(`echo 1 > '${csv}'; sleep 0.4; echo 22 > '${csv}'`, { watch: [csv] });
    await session.start(job, {}, testContext());
    const files: FollowPart[] = [];
    for await (const part of session.follow(job.id, 0, testContext()))
      if (part.kind === "file") files.push(part);
    expect(readFileText(files, csv).at(-1)).toBe("22\n");
  });

  it("ends the loop on the machine soon after the iteration is left", async ({ expect, onTestFinished }) => {
    const { machine, session, job } = await startAndWait(onTestFinished, "echo begun; exec sleep 300");
    const folder = join(machine.workFolder, "jobs", job.id);
    const before = workingIn(folder).length;
    let meanwhile = 0;
    for await (const part of session.follow(job.id, 0, testContext())) {
      meanwhile = workingIn(folder).length;
      if (part.kind === "log") break;
    }
    expect(meanwhile).toBeGreaterThan(before);
    await expect.poll(() => workingIn(folder).length, { timeout: 5_000 }).toBeLessThanOrEqual(before);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "running" });
  });

  it("is not held up by a watched file that blocks its reader, and leaves no process behind", async ({
    expect,
    onTestFinished,
  }) => {
    const machine = await testMachine(onTestFinished);
    const session = await machine.connect({ launchers: [setsid()] });
    // A regular file according to the kernel; reading it waits for ever.
    const watch = ["/proc/kmsg", "/dev/zero"];
    const job = machine.job("echo begun; sleep 2; echo done", { watch });
    await session.start(job, {}, testContext());
    const folder = join(machine.workFolder, "jobs", job.id);
    let log = "";
    for await (const part of session.follow(job.id, 0, testContext()))
      if (part.kind === "log") log += Buffer.from(part.bytes).toString();
    expect(log).toBe("begun\ndone\n");
    await session[Symbol.asyncDispose]();
    await expect.poll(() => workingIn(folder), { timeout: 5_000 }).toEqual([]);
  });

  it("treats a silent connection as lost, but not a silent job", async ({ expect, onTestFinished }) => {
    const { machine, job } = await startAndWait(onTestFinished, "echo begun; sleep 4; echo woke");
    const connected = machine.connected();
    const { signal } = testContext();
    let log = "";
    for await (const part of followJob(connected, job.id, 0, [], testContext(signal), 3_500)) {
      if (part.kind === "log") log += Buffer.from(part.bytes).toString();
    }
    expect(log).toBe("begun\nwoke\n");

    const secondJob = machine.job("exec sleep 300");
    const session = await machine.connect({ launchers: [setsid()] });
    await session.start(secondJob, {}, testContext());
    const frozen: Executor = {
      ...connected.executor,
      async exec(command, options) {
        const execution = await connected.executor.exec(command, options);
        // Simulates a pulled cable: the stream neither ends nor fails nor delivers bytes.
        setTimeout(() => execution.stdout.on("readable", () => {}).pause(), 10);
        execution.stdout.read = () => null;
        return execution;
      },
    };
    const parts = followJob(machine.connected(frozen), secondJob.id, 0, [], testContext(signal), 700);
    await expect(parts.next()).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringContaining("The machine sent nothing"),
    });
  });

  it("does not lose the connection while the reader is slow", async ({ expect, onTestFinished }) => {
    const { machine, job } = await startAndWait(onTestFinished, "echo 1; sleep 1; echo 2; sleep 1; echo 3");
    const connected = machine.connected();
    let log = "";
    for await (const part of followJob(connected, job.id, 0, [], testContext(), 4_000)) {
      if (part.kind === "log") log += Buffer.from(part.bytes).toString();
      if (log === "1\n") await sleep(4_500);
    }
    expect(log).toBe("1\n2\n3\n");
  });

  it("throws the reason of the signal", async ({ expect, onTestFinished }) => {
    const { session, job } = await startAndWait(onTestFinished, "exec sleep 300");
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    const parts = session.follow(job.id, 0, testContext(controller.signal));
    await expect(parts[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

/** Lists the processes whose working folder is this one. */
function workingIn(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

function readFileText(files: readonly FollowPart[], path: string): readonly string[] {
  return files.flatMap((part) =>
    part.kind === "file" && part.path === path ? [Buffer.from(part.bytes).toString()] : [],
  );
}

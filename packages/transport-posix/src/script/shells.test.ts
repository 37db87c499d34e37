import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RemoteFile } from "@unitrain/core/spec";
import { describe, expect, it, onTestFinished } from "vitest";
import { testContext } from "../../test/context.ts";
import { isAlive } from "../../test/processes.ts";
import { testMachine } from "../../test/test-machine.ts";
import { childExecutor } from "../executor/child-executor.ts";
import type { Executor } from "../executor/executor.ts";
import { collect, runScript } from "./run-script.ts";
import { openShells } from "./shells.ts";

function counted(inner: Executor = childExecutor("sh", ["-c"])) {
  const log: string[] = [];
  const executor: Executor = {
    exec(command, options) {
      log.push(command);
      return inner.exec(command, options);
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
  const shells = openShells(executor);
  onTestFinished(() => shells.close());
  return { shells, log };
}

describe("one shell for many scripts", () => {
  it("runs them one after the other without effects on each other", async () => {
    const { shells, log } = counted();
    expect(await runScript(shells.dedicated, "x=1; cd /; umask 077; echo a; exit 3")).toEqual({
      exitCode: 3,
      stdout: "a\n",
      stderr: "",
    });
    const next = await runScript(shells.dedicated, `echo "\${x-unset}" >&2; trap 'echo bye' EXIT; pwd`);
    expect(next).toEqual({ exitCode: 0, stdout: `${process.cwd()}\nbye\n`, stderr: "unset\n" });
    const bytes = Buffer.from(Array.from({ length: 16_000 }, (_, at) => (at * 7) % 256));
    const sum = await runScript(shells.dedicated, "od -An -v -tx1 | tr -d ' \\n'", { stdin: bytes });
    expect(sum.stdout).toBe(bytes.toString("hex"));
    // Input that a script does not read must not become part of the next script.
    expect(await runScript(shells.dedicated, "true", { stdin: Buffer.from("echo wrong\n") })).toMatchObject({
      stdout: "",
    });
    expect(await runScript(shells.dedicated, "cat; echo end")).toMatchObject({ stdout: "end\n" });
    expect(log).toHaveLength(1);
  });

  it("opens another for a second script at the same time, and none for later scripts", async () => {
    const { shells, log } = counted();
    await Promise.all([1, 2, 3].map(() => runScript(shells.dedicated, "sleep 0.2")));
    for (let turn = 0; turn < 5; turn += 1) await runScript(shells.dedicated, "true");
    expect(log).toHaveLength(3);
  });

  it("is not used again after a cancelled script, of which no process remains", async () => {
    const { shells, log } = counted();
    const cancel = new AbortController();
    const running = await shells.dedicated.open("echo $$; sh -c 'echo $$; exec sleep 300'; echo never", {
      signal: cancel.signal,
    });
    const pids: number[] = [];
    const reading = (async () => {
      for await (const chunk of running.stdout) {
        pids.push(...String(chunk).trim().split("\n").map(Number));
        if (pids.length >= 2) cancel.abort();
      }
    })();
    const words = collect(running.stderr);
    await expect(running.exitCode).rejects.toMatchObject({ code: "CANCELLED" });
    await Promise.all([reading, words]);
    await expect.poll(() => pids.filter(isAlive), { timeout: 5_000 }).toEqual([]);
    expect(await runScript(shells.dedicated, "echo fine")).toMatchObject({ stdout: "fine\n" });
    expect(log).toHaveLength(2);
  });

  it("is replaced when somebody else ended it", async () => {
    const { shells, log } = counted();
    await expect(runScript(shells.dedicated, "kill -9 0")).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    // Kills the whole process group, because a child of the shell reads the scripts and continues without it.
    const { stdout } = await runScript(shells.dedicated, "ps -o pgid= -p $$");
    process.kill(-Number(stdout), "SIGKILL");
    await expect.poll(() => isAlive(Number(stdout))).toBe(false);
    await expect
      .poll(async () => (await runScript(shells.dedicated, "echo fine").catch(() => undefined))?.stdout)
      .toBe("fine\n");
    expect(log.length).toBeGreaterThanOrEqual(3);
  });

  it("keeps background output of others' commands out of our scripts", async () => {
    const { shells } = counted();
    await runScript(
      shells.commands,
      "(for i in 1 2 3 4 5 6 7 8 9 10; do echo noise; sleep 0.05; done) & true",
    );
    for (let turn = 0; turn < 5; turn += 1)
      expect(await runScript(shells.dedicated, "sleep 0.05; echo clean")).toMatchObject({
        stdout: "clean\n",
      });
  });

  it("is closed when a server has no free session", async () => {
    const inner = childExecutor("sh", ["-c"]);
    let free = 2;
    const waiting: (() => void)[] = [];
    const { shells } = counted({
      async exec(command, options) {
        while (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
        free -= 1;
        const execution = await inner.exec(command, options);
        void execution.exit.then(() => {
          free += 1;
          for (const go of waiting.splice(0)) go();
        });
        return execution;
      },
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    });
    await Promise.all([runScript(shells.dedicated, "sleep 0.1"), runScript(shells.dedicated, "sleep 0.1")]);
    expect(await runScript(shells.commands, "echo in")).toMatchObject({ stdout: "in\n" });
  });
});

describe("a slow login shell", () => {
  it("is started a few times per run, not once per step", async () => {
    const machine = await testMachine();
    const starts = join(machine.root, "starts");
    writeFileSync(starts, "");
    const slow = machine.executor("sh", ["-c", `echo x >>'${starts}'; sleep 0.3; eval "$0"`]);
    const session = await machine.connect({ executor: slow });
    const context = testContext();
    mkdirSync(join(machine.workFolder, "out"));
    appendFileSync(join(machine.workFolder, "out/a"), "x");
    await session.facts(context);
    for (const argv of [["true"], ["echo", "1"], ["true"]]) await session.run({ argv }, context);
    const job = machine.job("echo done");
    await session.start(job, {}, context);
    for await (const _part of session.follow(job.id, 0, context));
    await session.getJobState(job.id, context);
    const files: RemoteFile[] = [];
    for await (const file of session.list(join(machine.workFolder, "out"), context)) files.push(file);
    for (const file of files) await session.fetch(file, join(machine.root, "a"), context, () => {});
    await session.remove(join(machine.workFolder, "out"), context);
    await session.stop(job.id, 0, context);
    // One for the hello, one for our own scripts and one for commands, instead of 16 before.
    expect(readFileSync(starts, "utf8").split("\n").length - 1).toBeLessThanOrEqual(3);
  });
});

describe("a lost connection", () => {
  it("leaves no process of ours on the machine, whatever blocks it", async () => {
    const machine = await testMachine();
    const fifo = join(machine.root, "never");
    const client = spawn(
      process.execPath,
      [
        "--conditions=@unitrain/source",
        fileURLToPath(new URL("../../test/blocked-client.ts", import.meta.url)),
        fifo,
      ],
      { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, UNITRAIN_TEST_MARK: machine.root } },
    );
    onTestFinished(() => void client.kill("SIGKILL"));
    let output = "";
    for await (const chunk of client.stdout) {
      output += chunk;
      if (output.includes("blocked")) break;
    }
    const pids = output.match(/\d+/g)?.map(Number) ?? [];
    expect(pids).toHaveLength(1);
    expect(pids.every(isAlive)).toBe(true);
    client.kill("SIGKILL");
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });
});

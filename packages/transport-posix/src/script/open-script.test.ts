import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UnitrainError } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createCuttingExecutor } from "../../test/cutting-executor.ts";
import { isAlive } from "../../test/processes.ts";
import { mustBeInstalled } from "../../test/shells.ts";
import { testMachine } from "../../test/test-machine.ts";
import { childExecutor } from "../executor/child-executor.ts";
import type { Executor } from "../executor/executor.ts";
import { openScript } from "./open-script.ts";
import { collect, runScript } from "./run-script.ts";

const sh = childExecutor("sh", ["-c"]);

describe("the end of a command", () => {
  it.each([0, 1, 42, 127, 255])("gives exit code %i, also for an exit in the middle", async (code) => {
    const done = await runScript(sh, `echo out; echo err >&2; exit ${code}; echo never`);
    expect(done).toEqual({ exitCode: code, stdout: "out\n", stderr: "err\n" });
  });

  it("gives the shell's exit code for a command that kills itself, never success", async () => {
    expect((await runScript(sh, "exec sh -c 'kill -9 $$'")).exitCode).toBe(137);
    expect((await runScript(sh, "exec sh -c 'kill -TERM $$'")).exitCode).toBe(143);
  });

  it("is a lost connection when the whole command is killed", async () => {
    await expect(runScript(sh, "echo begun; kill -9 0; sleep 5")).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      retryable: true,
      message: expect.stringContaining("SIGKILL"),
    });
  });

  it("is a lost connection, with its message, when the login shell refuses", async () => {
    const refusing = childExecutor("sh", ["-c", "echo this account is not available >&2; exit 1"]);
    await expect(runScript(refusing, "true")).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringContaining("this account is not available"),
    });
  });

  it("says that a program is missing", async () => {
    await expect(runScript(childExecutor("no-such-program", []), "true")).rejects.toMatchObject({
      code: "NOT_AVAILABLE",
      message: expect.stringContaining("no-such-program"),
    });
  });

  it("does not wait for background processes that keep the streams open", async () => {
    const { stdout } = await runScript(sh, "sleep 60 & echo $!");
    const pid = Number(stdout);
    // The command has ended for us while a background process keeps its streams open.
    expect(isAlive(pid)).toBe(true);
    process.kill(pid);
  });
});

describe("a stream that is cut off", () => {
  const script = "printf 0123456789; printf abcdefghij >&2; exit 0";

  it.each([{ code: 0 }, { lostReason: "reset" }, { signal: "SIGPIPE" }])(
    "at any byte is never a result, even when the executor reports %o",
    async (exit) => {
      for (const stream of ["stdout", "stderr"] as const) {
        // Both marks have 37 bytes; without the last byte the output is still complete.
        for (let afterBytes = 0; afterBytes < 81; afterBytes += 7) {
          const executor = createCuttingExecutor(sh, { afterBytes, stream, exit });
          await expect(runScript(executor, script), `${stream} ${afterBytes}`).rejects.toMatchObject({
            code: "CONNECTION_LOST",
          });
        }
      }
    },
  );

  it("does not hang when the executor never reports the end", async () => {
    const mute: Executor = {
      async exec(command, options) {
        const execution = await sh.exec(command, options);
        execution.stdout.destroy();
        return { ...execution, exit: new Promise(() => {}) };
      },
      async [Symbol.asyncDispose]() {},
    };
    await expect(runScript(mute, "sleep 0.1")).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });
});

describe("input and output", () => {
  it("pass every byte unchanged in both directions", async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256));
    const running = await openScript(sh, "cat", { stdin: bytes });
    const chunks: Buffer[] = [];
    await Promise.all([
      collect(running.stderr),
      (async () => {
        for await (const chunk of running.stdout) chunks.push(chunk);
      })(),
    ]);
    expect(await running.exitCode).toBe(0);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  it("pass 100 MB on both streams to a slow reader, with little memory", async () => {
    const each = 100_000_000;
    const fill = `head -c ${each} /dev/zero | tr '\\0' x`;
    const before = process.memoryUsage().rss;
    let highest = before;
    const running = await openScript(sh, `(${fill}) & (${fill}) >&2; wait`);
    const count = async (stream: AsyncIterable<Buffer>) => {
      let bytes = 0;
      let chunks = 0;
      for await (const chunk of stream) {
        bytes += chunk.length;
        chunks += 1;
        if (chunks % 100 === 0) await sleep(1);
        highest = Math.max(highest, process.memoryUsage().rss);
      }
      return bytes;
    };
    expect(await Promise.all([count(running.stdout), count(running.stderr)])).toEqual([each, each]);
    expect(await running.exitCode).toBe(0);
    expect(highest - before).toBeLessThan(100_000_000);
  });

  it("keep the output of an ended command for a late reader", async () => {
    const running = await openScript(sh, "head -c 200000 /dev/zero; echo late >&2");
    let bytes = 0;
    for await (const chunk of running.stdout) {
      bytes += chunk.length;
      await sleep(100);
    }
    expect(bytes).toBe(200_000);
    await sleep(100);
    expect(await collect(running.stderr)).toBe("late\n");
    expect(await running.exitCode).toBe(0);
  });

  it("omit the middle of long output, between whole characters", async () => {
    const { stdout } = await runScript(sh, "yes ä | head -n 400000");
    expect(stdout.length).toBeLessThan(260_000);
    expect(stdout).toMatch(/^(ä\n)+ä?\n… \d+ bytes left out …\n\n?(ä\n)+$/);
  });

  it("give exit code and output when the command ends during an upload", async () => {
    const read: number[] = [];
    async function* endless() {
      for (let at = 0; at < 2_000; at += 1) {
        read.push(at);
        yield Buffer.alloc(1_000_000);
      }
    }
    const done = await runScript(sh, "head -c 10 >/dev/null; echo no room >&2; exit 28", {
      stdin: endless(),
    });
    expect(done).toEqual({ exitCode: 28, stdout: "", stderr: "no room\n" });
    expect(read.length).toBeLessThan(100);
  });

  it("give the error of a failed input, which the command never takes for complete", async () => {
    const { root } = await testMachine();
    async function* failing() {
      yield Buffer.from("half");
      await sleep(50);
      throw new UnitrainError("DATA_CHANGED", "a.jpg changed");
    }
    const script = `cat > '${root}/got'; mv '${root}/got' '${root}/whole'`;
    await expect(runScript(sh, script, { stdin: failing() })).rejects.toMatchObject({ code: "DATA_CHANGED" });
    await sleep(200);
    const { stdout } = await runScript(sh, `ls '${root}'`);
    expect(stdout).not.toContain("whole");
  });
});

describe("an abort signal", () => {
  it("that is aborted already starts no command", async () => {
    const signal = AbortSignal.abort(new UnitrainError("CANCELLED", "by the user"));
    await expect(runScript(sh, "true", { signal })).rejects.toMatchObject({ message: "by the user" });
  });

  it("ends the command and all its processes, and its reason is thrown", async () => {
    const controller = new AbortController();
    const running = await openScript(sh, "sleep 50 & echo $!; wait", { signal: controller.signal });
    const out = running.stdout[Symbol.asyncIterator]();
    const pid = Number((await out.next()).value?.toString());
    controller.abort(new UnitrainError("TIMED_OUT", "too long"));
    await expect(Promise.all([running.exitCode, out.next(), collect(running.stderr)])).rejects.toMatchObject({
      code: "TIMED_OUT",
    });
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it("with another reason becomes CANCELLED or TIMED_OUT", async () => {
    await expect(runScript(sh, "sleep 50", { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: "TIMED_OUT",
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(runScript(sh, "sleep 50", { signal: controller.signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
  });

  it("ends the wait for an executor that does not answer", async () => {
    const silent: Executor = { exec: () => new Promise(() => {}), async [Symbol.asyncDispose]() {} };
    await expect(runScript(silent, "true", { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: "TIMED_OUT",
    });
  });
});

describe("a noisy login shell", () => {
  const noise = "echo welcome; echo beware >&2";
  const cases: readonly [string, readonly string[], string, string][] = [
    ["bash", ["-l", "-c"], ".bash_profile", `${noise}; set -x`],
    ["fish", ["-c"], ".config/fish/config.fish", noise],
    ["tcsh", ["-c"], ".tcshrc", 'echo welcome; sh -c "echo beware >&2"'],
  ];

  it.each(cases)("%s adds nothing to the output", async (shell, argv, profile, content) => {
    const machine = await testMachine();
    mustBeInstalled(shell);
    await mkdir(join(machine.home, dirname(profile)), { recursive: true });
    await writeFile(join(machine.home, profile), `${content}\n`);
    const executor = machine.executor(shell, argv);
    const execution = await executor.exec("true");
    expect(await collect(execution.stdout)).toBe("welcome\n");
    const done = await runScript(executor, "cat; echo err >&2; exit 3", { stdin: Buffer.from("in") });
    expect(done).toEqual({ exitCode: 3, stdout: "in", stderr: "err\n" });
  });
});

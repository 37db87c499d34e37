import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { followToEnd, readLog, waitForLogText } from "../../test/follow-to-end.ts";
import { mustBeInstalled } from "../../test/shells.ts";
import { type OnEnd, testMachine } from "../../test/test-machine.ts";
import type { JobLauncher } from "./launcher.ts";
import { setsid } from "./setsid.ts";
import { tmux } from "./tmux.ts";

const launchers: readonly (readonly [string, JobLauncher])[] = [
  ["tmux", tmux()],
  ["setsid", setsid()],
];

describe.concurrent.each(launchers)("a job launched with %s", (name, launcher) => {
  const begin = async (onTestFinished: OnEnd) => {
    mustBeInstalled(name);
    const machine = await testMachine(onTestFinished);
    return { machine, session: await machine.connect({ launchers: [launcher] }) };
  };

  it("ends with its own exit code, also in a new session", async ({ onTestFinished }) => {
    const { machine, session } = await begin(onTestFinished);
    for (const code of [0, 1, 42, 137, 143]) {
      const job = machine.job(`exit ${code}`);
      await session.start(job, {}, testContext());
      expect(await followToEnd(session, job.id)).toEqual({ state: "ended", exitCode: code, logBytes: 0 });
      const secondSession = await machine.connect({ launchers: [] });
      expect(await secondSession.getJobState(job.id, testContext())).toEqual({
        state: "ended",
        exitCode: code,
        logBytes: 0,
      });
    }
  });

  it("ends with 128 plus the number of the signal that killed it", async ({ onTestFinished }) => {
    const { machine, session } = await begin(onTestFinished);
    for (const [signal, code] of [
      ["KILL", 137],
      ["TERM", 143],
    ] as const) {
      const job = machine.job(`exec sh -c 'kill -${signal} $$'`);
      await session.start(job, {}, testContext());
      expect(await followToEnd(session, job.id)).toMatchObject({ state: "ended", exitCode: code });
    }
  });

  it("gets its exact arguments, variables, secrets and folder, and nothing of its launcher's environment", async ({
    onTestFinished,
  }) => {
    const { machine, session } = await begin(onTestFinished);
    const words = ["it's", "$HOME `id`", "-n", "a\nb", "", "ä*"];
    const job = machine.job("", {
      argv: [
        "sh",
        "-c",
        'printf "%s|" "$@" "$ODD" "$TOKEN" "$UNITRAIN_JOB" "$HOME" "$TMUX"; pwd',
        "sh",
        ...words,
      ],
      env: { ODD: "x'y\n$z" },
      secrets: ["TOKEN"],
      cwd: join(machine.root, "new folder/it's"),
    });
    await session.start(job, { TOKEN: "s3cr3t'\n$" }, testContext());
    const expectedOutput = [...words, "x'y\n$z", "s3cr3t'\n$", job.id, machine.home, ""].join("|");
    expect((await readLog(session, job.id)).toString()).toBe(`${expectedOutput}|${job.cwd}\n`);
  });

  it("starts with no signal ignored, so that it can be interrupted", async ({ onTestFinished }) => {
    const { machine, session } = await begin(onTestFinished);
    const job = machine.job('for s in INT TERM HUP QUIT PIPE; do trap "echo $s" $s; kill -$s $$; done');
    await session.start(job, {}, testContext());
    expect((await readLog(session, job.id)).toString()).toBe("INT\nTERM\nHUP\nQUIT\nPIPE\n");
  });

  it.for<readonly [string, string, string]>([
    [
      "progress bars",
      "printf 'epoch 1\\r10%%\\r\\033[K20%%\\r'; printf done",
      "epoch 1\r10%\r\x1b[K20%\rdone",
    ],
    ["no output", ":", ""],
    ["any bytes", "printf '\\000\\377\\036\\012\\015x'", "\x00\xff\x1e\n\rx"],
    ["both streams in order", "echo 1; echo 2 >&2; echo 3", "1\n2\n3\n"],
  ])("says %s exactly", async ([, script, expectedOutput], { onTestFinished }) => {
    const { machine, session } = await begin(onTestFinished);
    const job = machine.job(script);
    await session.start(job, {}, testContext());
    expect((await readLog(session, job.id)).toString("latin1")).toBe(expectedOutput);
  });

  it("delivers 10 MB that it prints just before its end", async ({ onTestFinished }) => {
    const { machine, session } = await begin(onTestFinished);
    const job = machine.job("sleep 0.5; head -c 10000000 /dev/zero | tr '\\0' x; printf end; exit 5");
    await session.start(job, {}, testContext());
    const log = await readLog(session, job.id);
    expect(log.length).toBe(10_000_003);
    expect(log.subarray(-5).toString()).toBe("xxend");
    expect(await session.getJobState(job.id, testContext())).toEqual({
      state: "ended",
      exitCode: 5,
      logBytes: 10_000_003,
    });
  });

  it("leaves no background process, however it was started", async ({ onTestFinished }) => {
    const { machine, session } = await begin(onTestFinished);
    const ids = [0, 1, 2].map(() => 1_000 + Math.floor(Math.random() * 1e6));
    const job = machine.job(`
      trap 'echo bye; exit 3' EXIT
      sleep ${ids[0]} & echo "pid $!"
      nohup sleep ${ids[1]} >/dev/null 2>&1 & echo "pid $!"
      setsid sh -c 'trap "" TERM HUP; echo "pid $$"; while :; do sleep 1; done' &
      (setsid setsid sleep ${ids[2]} >/dev/null 2>&1)
      sleep 0.5
      exit 1`);
    await session.start(job, {}, testContext());
    const log = (await readLog(session, job.id)).toString();
    expect(log).toMatch(/bye\n$/);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 3 });
    const { stdout } = await session.run({ argv: ["ps", "-A", "-o", "pid=,stat=,args="] }, testContext());
    const living = stdout.split("\n").filter((line) => !/^ *\d+ Z/.test(line));
    for (const [, pid] of log.matchAll(/pid (\d+)/g)) {
      expect(living.some((line) => line.trim().startsWith(`${pid} `))).toBe(false);
    }
    expect(living.filter((line) => ids.some((id) => line.endsWith(`sleep ${id}`)))).toEqual([]);
  });

  it("keeps its secrets out of ps, tmux and every file", async ({ onTestFinished }) => {
    const { machine, session } = await begin(onTestFinished);
    const secret = `canary-${"x".repeat(20)}`;
    const job = machine.job("echo ready; sleep 1; exit 0", {
      secrets: ["TOKEN"],
      env: { PLAIN: "plain-value" },
    });
    await session.start(job, { TOKEN: secret }, testContext());
    await waitForLogText(session, job.id, "ready");
    const { stdout: processes } = await session.run({ argv: ["ps", "-A", "-o", "args="] }, testContext());
    expect(processes).not.toContain(secret);
    const shows =
      "tmux show-environment -g; tmux show-environment -t =training-$1; tmux list-panes -a -F '#{pane_start_command}'";
    const { stdout: shown } = await session.run({ argv: ["sh", "-c", shows, "sh", job.id] }, testContext());
    expect(shown).not.toContain(secret);
    expect(filesWith(machine.root, secret)).toEqual([]);
    await followToEnd(session, job.id);
    expect(filesWith(machine.root, secret)).toEqual([]);
    const folder = join(machine.workFolder, "jobs", job.id);
    expect(readdirSync(folder).sort()).toEqual([
      "child",
      "claim",
      "exit",
      "launcher",
      "log",
      "state",
      "watch",
    ]);
  });

  it("runs once when it is started many times at once and again later", async ({ onTestFinished }) => {
    const { machine, session } = await begin(onTestFinished);
    const job = machine.job("echo begun; sleep 1; exit 9");
    const sessions = await Promise.all(
      Array.from({ length: 6 }, () => machine.connect({ launchers: [launcher] })),
    );
    await Promise.all(sessions.map((session) => session.start(job, {}, testContext())));
    await session.start(job, {}, testContext());
    expect((await readLog(session, job.id)).toString()).toBe("begun\n");
    await session.start(job, {}, testContext());
    expect(await session.getJobState(job.id, testContext())).toMatchObject({
      state: "ended",
      exitCode: 9,
      logBytes: 6,
    });
    expect(
      readdirSync(join(machine.workFolder, "jobs", job.id)).filter((name) => name.startsWith("start-")),
    ).toEqual([]);
  });

  it("ends with 127 and a message when its program does not exist", async ({ onTestFinished }) => {
    const { machine, session } = await begin(onTestFinished);
    const job = machine.job("", { argv: ["no-such-program"] });
    await session.start(job, {}, testContext());
    expect((await readLog(session, job.id)).toString()).toContain("no-such-program");
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 127 });
  });
});

it.concurrent("finds the same environment with and without tmux", async ({ onTestFinished }) => {
  const machine = await testMachine(onTestFinished);
  const texts: string[] = [];
  for (const [, launcher] of launchers) {
    const session = await machine.connect({ launchers: [launcher] });
    const job = machine.job("env | grep -v '^UNITRAIN_JOB' | sort; umask; ulimit -n", {
      env: { UMLAUT: "ä" },
    });
    await session.start(job, {}, testContext());
    texts.push((await readLog(session, job.id)).toString());
  }
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).toContain("UMLAUT=ä");
});

it.concurrent("a machine without tmux uses the next launcher", async ({ onTestFinished }) => {
  const machine = await testMachine(onTestFinished);
  const absent: JobLauncher = { ...tmux(), available: async () => false };
  const session = await machine.connect({ launchers: [absent, setsid()] });
  const job = machine.job("echo here");
  await session.start(job, {}, testContext());
  expect((await readLog(session, job.id)).toString()).toBe("here\n");
  expect(readFileSync(join(machine.workFolder, "jobs", job.id, "launcher"), "utf8")).toMatch(/^setsid\n/);
});

it.concurrent("an invalid id is refused, and an unknown job was never started", async ({
  onTestFinished,
}) => {
  const machine = await testMachine(onTestFinished);
  const session = await machine.connect();
  for (const id of ["", "../x", "a b", "a/b", "-x", "a.b", "ä", "$(id)", "x".repeat(200)]) {
    await expect(session.getJobState(id, testContext()), id).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
    await expect(session.start(machine.job(":", { id: "ok" }), {}, testContext())).resolves.toBeUndefined();
  }
  expect(await session.getJobState("never", testContext())).toEqual({ state: "never-started" });
  expect(await readLog(session, "never")).toHaveLength(0);
  await session.stop("never", 1_000, testContext());
  expect(existsSync(join(machine.workFolder, "jobs/never"))).toBe(false);
});

function filesWith(root: string, text: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => existsSync(path) && readFileSync(path).includes(text));
}

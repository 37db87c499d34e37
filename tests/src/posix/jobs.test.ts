import { execFileSync, spawn } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setsid, tmux } from "@unitrain/transport-posix";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  contextOf,
  followAll,
  isAlive,
  partsOf,
  pathWithout,
  runJob,
  shellJob,
  temporaryFolder,
  testMachine,
  until,
  untilState,
} from "./machine.ts";

describe.each([
  ["tmux", [tmux()]],
  ["a session of its own", [setsid()]],
] as const)("a job held by %s", (_name, holders) => {
  test("keeps its exit code, also for another connection", async () => {
    const machine = await testMachine({ holders });
    for (const exitCode of [0, 1, 42, 137, 143]) {
      const { job, state } = await runJob(machine, `echo out; exit ${exitCode}`);
      expect(state).toEqual({ state: "ended", exitCode, logBytes: 4 });
      expect(await (await machine.connect()).look(job.id, machine.context)).toEqual(state);
    }
  });

  test("sees the same environment: the login shell's, the job's, nothing of the holder's", async () => {
    const machine = await testMachine({ holders, env: { FROM_LOGIN: "a b'c\n\"d$e" } });
    const { log } = await runJob(machine, 'printf "<%s>" "$FROM_LOGIN" "$FROM_JOB" "$TMUX" "$PWD"', {
      env: { FROM_JOB: "x '$(id)' \n y" },
    });
    expect(log.toString()).toBe(`<a b'c\n"d$e><x '$(id)' \n y><><${join(machine.folder, "cwd")}>`);
  });

  test("finds the signals as they were: TERM ends it, and its trap is its own", async () => {
    const machine = await testMachine({ holders });
    const plain = shellJob(machine, "echo up; sleep 60");
    await machine.session.start(plain, {}, machine.context);
    await until(async () =>
      (await readFile(join(machine.jobFolder(plain.id), "log"), "utf8")).includes("up"),
    );
    await machine.session.stop(plain.id, 5_000, machine.context);
    expect(await machine.session.look(plain.id, machine.context)).toMatchObject({
      state: "ended",
      exitCode: 143,
    });

    const trapping = shellJob(
      machine,
      "trap 'echo saved; exit 7' TERM; echo up; while :; do sleep 0.1; done",
    );
    await machine.session.start(trapping, {}, machine.context);
    await until(async () =>
      (await readFile(join(machine.jobFolder(trapping.id), "log"), "utf8")).includes("up"),
    );
    await machine.session.stop(trapping.id, 5_000, machine.context);
    expect(await machine.session.look(trapping.id, machine.context)).toMatchObject({
      state: "ended",
      exitCode: 7,
    });
    expect((await followAll(machine.session, trapping.id)).toString()).toContain("saved");
    // Again, on what has ended: nothing happens.
    await machine.session.stop(trapping.id, 0, machine.context);
  });

  test("that will not end is killed, with all of its children", async () => {
    const machine = await testMachine({ holders });
    const script = "trap '' TERM; sleep 300 & echo $!; (setsid sleep 301 & echo $!; wait) & wait; sleep 302";
    const job = shellJob(machine, script);
    await machine.session.start(job, {}, machine.context);
    const pids = await until(async () => {
      const found = (await readFile(join(machine.jobFolder(job.id), "log"), "utf8"))
        .trim()
        .split("\n")
        .map(Number);
      return found.length === 2 && found;
    });
    await machine.session.stop(job.id, 300, machine.context);
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({
      state: "ended",
      exitCode: 137,
    });
    for (const pid of pids) expect(await isAlive(pid), String(pid)).toBe(false);
  });
});

describe("one job", () => {
  test("started twice, five times at once, and after it has ended", async () => {
    const machine = await testMachine();
    const job = shellJob(machine, 'echo once >>"$count"; sleep 0.5', {
      env: { count: join(machine.folder, "count") },
    });
    await Promise.all(Array.from({ length: 5 }, () => machine.session.start(job, {}, machine.context)));
    await machine.session.start(job, {}, machine.context);
    await untilState(machine, job.id, "ended");
    await machine.session.start(job, {}, machine.context);
    expect(await readFile(join(machine.folder, "count"), "utf8")).toBe("once\n");
    const left = await readdir(machine.jobFolder(job.id));
    for (const name of left) {
      expect(await readFile(join(machine.jobFolder(job.id), name), "utf8").catch(() => "")).not.toContain(
        "export count",
      );
    }
  });

  test("that was never started says so, and stopping it is nothing", async () => {
    const machine = await testMachine();
    expect(await machine.session.look("nobody", machine.context)).toEqual({ state: "never-started" });
    await machine.session.stop("nobody", 0, machine.context);
    expect(await followAll(machine.session, "nobody")).toHaveLength(0);
  });

  test("with an id that means something to tmux or a path is refused", async () => {
    const machine = await testMachine();
    for (const id of ["a.b", "a:b", "../x", "", "a b"]) {
      await expect(
        machine.session.start({ ...shellJob(machine, "true"), id }, {}, machine.context),
      ).rejects.toThrow();
    }
  });

  test("with `exit`, a trap and children in the background: its own code, and none left behind", async () => {
    const machine = await testMachine();
    const script = "trap 'echo bye' EXIT; sleep 300 & echo $!; (setsid sleep 301 & echo $!); exit 5";
    const { log, state } = await runJob(machine, script);
    expect(state).toMatchObject({ state: "ended", exitCode: 5 });
    expect(log.toString()).toContain("bye");
    for (const pid of log.toString().match(/\d+/g) ?? []) expect(await isAlive(Number(pid)), pid).toBe(false);
  });

  test("survives the client that started it being killed with -9", async () => {
    const machine = await testMachine();
    const job = shellJob(machine, "sleep 1; echo after; exit 3");
    const source = `
      const { childExecutor, posixTransport } = await import("@unitrain/transport-posix");
      const [workFolder, job] = JSON.parse(process.argv[1]);
      const transport = posixTransport({ name: "t", reaches: ["local"], workFolder, connect: async () => childExecutor("sh", ["-c"]) });
      const context = { signal: new AbortController().signal, secret() {}, say() {}, wait: async () => {} };
      const session = await transport.connect({ reach: "local" }, context);
      await session.start(job, {}, context);
      process.kill(process.pid, "SIGKILL");`;
    const words = ["--conditions=@unitrain/source", "--input-type=module", "-e", source];
    const client = spawn(process.execPath, [...words, JSON.stringify([machine.workFolder, job])], {
      cwd: new URL("../..", import.meta.url),
      stdio: "inherit",
    });
    await new Promise((resolve) => client.once("exit", resolve));
    expect((await followAll(machine.session, job.id)).toString()).toBe("after\n");
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({
      state: "ended",
      exitCode: 3,
    });
  });
});

describe("what is followed", () => {
  test("10 MB in the last instant before the end are all seen", { timeout: 60_000 }, async () => {
    const machine = await testMachine();
    const { log, state } = await runJob(machine, "yes 0123456789abcdef | head -c 10485760");
    expect(log).toHaveLength(10_485_760);
    expect(state).toMatchObject({ state: "ended", logBytes: 10_485_760 });
  });

  test("bars with \\r, no newline at the end, no output at all, bytes that are no text: exact", async () => {
    const machine = await testMachine();
    const bars = await runJob(
      machine,
      "printf '\\r10%%'; sleep 0.3; printf '\\r20%%'; sleep 0.3; printf 'done'",
    );
    expect(bars.log.toString()).toBe("\r10%\r20%done");
    expect((await runJob(machine, "exit 0")).log).toHaveLength(0);
    expect([...(await runJob(machine, "printf '\\377\\000\\200\\n'")).log]).toEqual([255, 0, 128, 10]);
  });

  test("from any offset on", async () => {
    const machine = await testMachine();
    const { job } = await runJob(machine, "printf 0123456789");
    expect((await followAll(machine.session, job.id, 7)).toString()).toBe("789");
    expect((await followAll(machine.session, job.id, 10)).toString()).toBe("");
  });

  test("watched files, whole when they changed, from the beginning of each following", async () => {
    const machine = await testMachine();
    const path = join(machine.folder, "results 'x'.csv");
    const script = 'for epoch in 1 2 3; do echo "$epoch" >>"$results"; sleep 1.3; done';
    const job = shellJob(machine, script, {
      env: { results: path },
      watch: [path, join(machine.folder, "never")],
    });
    await machine.session.start(job, {}, machine.context);
    const files = (await partsOf(machine.session, job.id)).flatMap((part) =>
      part.kind === "file" ? [part] : [],
    );
    expect(files.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(["1\n", "1\n2\n", "1\n2\n3\n"]);
    expect(files.every((file) => file.path === path)).toBe(true);
    const again = (await partsOf(machine.session, job.id)).filter(({ kind }) => kind === "file");
    expect(again).toHaveLength(1);
  });

  test("ends its command on the machine when nobody follows any more", async () => {
    const machine = await testMachine();
    const job = shellJob(machine, "while :; do echo line; sleep 0.05; done");
    await machine.session.start(job, {}, machine.context);
    for await (const part of machine.session.follow(job.id, 0, contextOf())) if (part.kind === "log") break;
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({ state: "running" });
    await machine.session.stop(job.id, 0, machine.context);
  });
});

describe("when things go wrong on the machine", () => {
  test("no tmux there: the same results", async () => {
    const PATH = await pathWithout("tmux");
    const machine = await testMachine({ env: { PATH } });
    const { log, state } = await runJob(machine, "echo held; exit 4");
    expect([log.toString(), state]).toEqual(["held\n", { state: "ended", exitCode: 4, logBytes: 5 }]);
  });

  test("neither tmux nor setsid: the same results", async () => {
    const PATH = await pathWithout("tmux", "setsid");
    const machine = await testMachine({ env: { PATH } });
    const { log, state } = await runJob(machine, "echo held; exit 4");
    expect([log.toString(), state]).toEqual(["held\n", { state: "ended", exitCode: 4, logBytes: 5 }]);
  });

  test("the tmux server is killed: the job lives, and attaching works", async () => {
    const TMUX_TMPDIR = await temporaryFolder();
    const machine = await testMachine({ holders: [tmux()], env: { TMUX_TMPDIR } });
    const job = shellJob(machine, "sleep 2; echo alive; exit 6");
    await machine.session.start(job, {}, machine.context);
    const environment = { env: { ...process.env, TMUX_TMPDIR } };
    expect(execFileSync("tmux", ["ls"], environment).toString()).toContain(`training-${job.id}:`);
    execFileSync("tmux", ["kill-server"], environment);
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({ state: "running" });
    expect((await followAll(machine.session, job.id)).toString()).toBe("alive\n");
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({
      state: "ended",
      exitCode: 6,
    });
  });

  test("tmux's socket is lost: files are the truth", async () => {
    const TMUX_TMPDIR = await temporaryFolder();
    const machine = await testMachine({ holders: [tmux()], env: { TMUX_TMPDIR } });
    const job = shellJob(machine, "sleep 1; echo alive");
    await machine.session.start(job, {}, machine.context);
    const [pid = ""] = execFileSync("tmux", ["display", "-p", "#{pid}"], {
      env: { ...process.env, TMUX_TMPDIR },
    })
      .toString()
      .split("\n");
    onTestFinished(() => void process.kill(Number(pid), "SIGTERM"));
    for (const name of await readdir(TMUX_TMPDIR)) await rm(join(TMUX_TMPDIR, name), { recursive: true });
    expect((await followAll(machine.session, job.id)).toString()).toBe("alive\n");
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({
      state: "ended",
      exitCode: 0,
    });
  });

  test("a person can look in: the tmux session shows the log", async () => {
    const TMUX_TMPDIR = await temporaryFolder();
    const machine = await testMachine({ holders: [tmux()], env: { TMUX_TMPDIR } });
    const job = shellJob(machine, "echo 'epoch 1 of 3'; sleep 20");
    await machine.session.start(job, {}, machine.context);
    await until(async () =>
      execFileSync("tmux", ["capture-pane", "-p", "-t", `=training-${job.id}:`], {
        env: { ...process.env, TMUX_TMPDIR },
      }).includes("epoch 1 of 3"),
    );
    await machine.session.stop(job.id, 0, machine.context);
  });

  test("its wrapper is killed: lost, and the child that is left can be ended", async () => {
    const machine = await testMachine({ holders: [setsid()] });
    const job = shellJob(machine, "echo $$; sleep 300");
    await machine.session.start(job, {}, machine.context);
    const log = join(machine.jobFolder(job.id), "log");
    const child = Number(await until(async () => (await readFile(log, "utf8")).trim() || undefined));
    const parent = Number((await readFile(`/proc/${child}/stat`, "utf8")).replace(/.*\) /, "").split(" ")[1]);
    process.kill(parent, "SIGKILL");
    const state = await untilState(machine, job.id, "lost");
    expect(state).toMatchObject({ detail: expect.stringMatching(/\d/) });
    expect(await isAlive(child)).toBe(true);
    await machine.session.stop(job.id, 200, machine.context);
    expect(await isAlive(child)).toBe(false);
    expect((await followAll(machine.session, job.id)).toString()).toBe(`${child}\n`);
  });

  test("a reboot, with the process id in use again, is rebooted and not running", async () => {
    const machine = await testMachine();
    const job = shellJob(machine, "sleep 300");
    await machine.session.start(job, {}, machine.context);
    const folder = machine.jobFolder(job.id);
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    const changed = await replaceInFiles(folder, boot, "00000000-0000-4000-8000-000000000000");
    expect(changed).toBeGreaterThan(0);
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({ state: "rebooted" });
    expect(await followAll(machine.session, job.id)).toHaveLength(0);
    await replaceInFiles(folder, "00000000-0000-4000-8000-000000000000", boot);
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({ state: "running" });
    await machine.session.stop(job.id, 0, machine.context);
  });

  test("a silent job whose files are years old by the clock is not dead", async () => {
    const machine = await testMachine();
    const job = shellJob(machine, "sleep 3; echo awake");
    await machine.session.start(job, {}, machine.context);
    execFileSync("find", [machine.jobFolder(job.id), "-exec", "touch", "-d", "2001-01-01", "{}", "+"]);
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({ state: "running" });
    expect((await followAll(machine.session, job.id)).toString()).toBe("awake\n");
  });

  const canMount = process.platform === "linux" && process.getuid?.() === 0;
  test.runIf(canMount)("its disk is full of its log: the exit code is kept", async () => {
    const folder = await temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]);
    onTestFinished(() => void execFileSync("umount", ["-l", folder]));
    const machine = await testMachine({ folder });
    const job = shellJob(machine, "yes full 2>/dev/null | head -c 5000000; exit 9");
    await machine.session.start(job, {}, machine.context);
    await untilState(machine, job.id, "ended");
    expect(await machine.session.look(job.id, machine.context)).toMatchObject({
      state: "ended",
      exitCode: 9,
    });
  });
});

test("a secret is in no process list, no tmux environment and no file, and reaches the job", async () => {
  const canary = "canary-7f3e9a1b2c4d";
  const TMUX_TMPDIR = await temporaryFolder();
  const machine = await testMachine({ holders: [tmux()], env: { TMUX_TMPDIR } });
  const out = join(machine.folder, "out");
  const job = shellJob(machine, 'printf %s "$TOKEN" | tr a-z A-Z >"$out"; sleep 2', {
    env: { out },
    secrets: ["TOKEN"],
  });
  const seen: string[] = [];
  const watching = setInterval(
    () => seen.push(execFileSync("ps", ["-eo", "args"], { maxBuffer: 1e8 }).toString()),
    60,
  );
  await machine.session.start(job, { TOKEN: canary }, machine.context);
  await until(async () => (await readFile(out, "utf8").catch(() => "")) === canary.toUpperCase());
  await sleep(200);
  clearInterval(watching);
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.join("")).not.toContain(canary);
  const environment = { env: { ...process.env, TMUX_TMPDIR } };
  for (const words of [["show-environment"], ["show-environment", "-g"]]) {
    expect(execFileSync("tmux", words, environment).toString()).not.toContain(canary);
  }
  for (const file of await readdir(machine.workFolder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    expect(await readFile(path, "utf8"), path).not.toContain(canary);
  }
});

async function replaceInFiles(folder: string, from: string, to: string): Promise<number> {
  let changed = 0;
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const content = await readFile(path, "utf8");
    if (!content.includes(from)) continue;
    await writeFile(path, content.replaceAll(from, to));
    changed += 1;
  }
  return changed;
}

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { chmod, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { availableParallelism, hostname, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../../test/context.ts";
import { testMachine } from "../../test/test-machine.ts";
import { childExecutor } from "../executor/child-executor.ts";
import { posixTransport } from "../posix-transport.ts";
import { parseGpus, parseMounts } from "./facts.ts";

describe("facts", () => {
  it("describe this computer", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const facts = await session.facts(testContext());
    expect(facts).toMatchObject({
      hostname: hostname(),
      home: machine.home,
      workFolder: machine.workFolder,
      cpus: availableParallelism(),
      root: process.getuid?.() === 0,
    });
    expect(facts.environmentsFolder).toMatch(/unitrain\/1\/environments$/);
    expect(facts.environmentsFolder.startsWith(machine.home)).toBe(true);
    expect(facts.ramBytes).toBeGreaterThan(100_000_000);
    expect(facts.mounts.find(({ path }) => path === "/")?.freeBytes).toBeGreaterThan(0);
    expect(facts.tools).toEqual(expect.arrayContaining(["tar", "find", "awk"]));
  });

  it("name a work folder below the home folder, and an environments folder below XDG_CACHE_HOME", async () => {
    const machine = await testMachine();
    const env = { ...machine.env, XDG_CACHE_HOME: join(machine.root, "my cache") };
    const transport = posixTransport({
      name: "test",
      supports: ["local"],
      connect: async () => childExecutor("sh", ["-c"], { env }),
    });
    const session = await transport.connect({ connectionKind: "local" }, testContext());
    if ("ready" in session) throw new Error(session.reason);
    const facts = await session.facts(testContext());
    expect(facts.workFolder).toBe(join(machine.home, ".unitrain/1"));
    expect((await stat(facts.workFolder)).mode & 0o777).toBe(0o700);
    expect(facts.environmentsFolder).toBe(join(machine.root, "my cache/unitrain/1/environments"));
    await session[Symbol.asyncDispose]();
  });

  it("list the GPUs of nvidia-smi", async () => {
    const machine = await testMachine();
    const bin = join(machine.root, "bin");
    mkdirSync(bin);
    writeFileSync(
      join(bin, "nvidia-smi"),
      `#!/bin/sh
case $1 in
--query-gpu=name,*) row='NVIDIA H200, 143771, 570.172.08, 9.0' ; printf '%s\\n' "$row" "$row" ;;
--query-gpu=uuid) printf 'GPU-a\\nGPU-b\\n' ;;
--query-compute-apps=*) printf 'GPU-b, ${process.pid}, 20480, /usr/bin/python3\\nGPU-b, 4194305, [N/A], [Not Found]\\n' ;;
esac
`,
    );
    await chmod(join(bin, "nvidia-smi"), 0o755);
    const executor = childExecutor("sh", ["-c"], {
      env: { ...machine.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    });
    const session = await machine.connect({ executor });
    const facts = await session.facts(testContext());
    const gpu = { name: "NVIDIA H200", memoryBytes: 143771 * 1024 * 1024, computeCapability: "9.0" };
    const mine = {
      pid: process.pid,
      user: userInfo().username,
      name: "python3",
      memoryBytes: 20480 * 1024 ** 2,
    };
    expect(facts).toMatchObject({ gpuDriver: "570.172.08" });
    expect(facts.gpus).toEqual([gpu, { ...gpu, processes: [mine, { pid: 4194305, name: "[Not Found]" }] }]);
  });

  it("are parsed from old and unusual tables too", () => {
    expect(parseGpus("GeForce GTX 1080, 8119, 450.80.02\n").gpus[0]?.computeCapability).toBe("");
    expect(parseGpus("NVIDIA-SMI has failed because it couldn't communicate with the driver\n").gpus).toEqual(
      [],
    );
    expect(
      parseMounts(
        "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/disk 3s1 100 40 60 40% /Volumes/My Disk\n",
      ),
    ).toEqual([{ path: "/Volumes/My Disk", sizeBytes: 102_400, freeBytes: 61_440 }]);
  });
});

describe("connecting", () => {
  it("through a broken shell is not ready, with the message of the shell", async () => {
    const transport = posixTransport({
      name: "test",
      supports: ["local"],
      connect: async () => childExecutor("sh", ["-c", "echo No such container >&2; exit 1"]),
    });
    expect(await transport.connect({ connectionKind: "local" }, testContext())).toMatchObject({
      ready: false,
      step: "shell",
      reason: expect.stringContaining("No such container"),
    });
  });

  it("to a machine without a usable work folder is finally not ready", async () => {
    const machine = await testMachine();
    await writeFile(join(machine.root, "file"), "");
    await expect(machine.connect({ workFolder: join(machine.root, "file/work") })).rejects.toThrow(
      "no work folder",
    );
  });

  it("leaves nothing in the home folder when the work folder is elsewhere", async () => {
    const machine = await testMachine();
    await machine.connect();
    expect(await readdir(machine.home)).toEqual([]);
    expect(existsSync(machine.workFolder)).toBe(true);
  });

  it.each(["work", "../work", "/work/../etc", "~x/work", "/work/", ""])(
    "the work folder %j is refused",
    (workFolder) => {
      const options = {
        name: "test",
        supports: ["local"],
        workFolder,
        connect: async () => childExecutor("sh", ["-c"]),
      } as const;
      expect(() => posixTransport(options)).toThrow("Invalid work folder");
    },
  );
});

describe("running a command", () => {
  it("passes arguments, variables and input exactly, and returns its exit code", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    const words = ["it's", "$HOME `id`", "-n", "a\nb", "", "ä*"];
    const done = await session.run(
      {
        argv: ["sh", "-c", `printf '%s|' "$ODD" "$@"; cat; exit 7`, "sh", ...words],
        env: { ODD: "x'y\n$z" },
        stdin: Buffer.from("in"),
      },
      testContext(),
    );
    expect(done).toEqual({ exitCode: 7, stdout: `${["x'y\n$z", ...words].join("|")}|in`, stderr: "" });
  });

  it("returns 127 for a missing program, also with an unreadable folder on the PATH", async () => {
    const machine = await testMachine();
    const closed = join(machine.root, "closed");
    await mkdir(closed, { mode: 0 });
    // Root can read every folder, so the shell runs as the user nobody.
    const isRoot = process.getuid?.() === 0;
    const [program = "", ...before] = isRoot
      ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh"]
      : ["sh"];
    if (isRoot) await Promise.all([chmod(machine.root, 0o777), chmod(machine.home, 0o777)]);
    const env = { ...machine.env, PATH: `${closed}:/usr/bin:/bin` };
    const session = await machine.connect({ executor: childExecutor(program, [...before, "-c"], { env }) });
    const done = await session.run({ argv: ["no-such-program"] }, testContext());
    expect(done).toEqual({ exitCode: 127, stdout: "", stderr: "no-such-program: not found\n" });
    expect((await session.run({ argv: ["true"] }, testContext())).exitCode).toBe(0);
    const missing = childExecutor("no-such-program", [], { env });
    await expect(missing.exec("true")).rejects.toThrow(
      "Cannot start no-such-program: the program was not found.",
    );
  });

  it("returns 127 for a missing program, 126 for one that is not executable, and 128 plus the signal for a killed one", async () => {
    const machine = await testMachine();
    const session = await machine.connect();
    await mkdir(machine.workFolder, { recursive: true });
    await writeFile(join(machine.workFolder, "plain"), "x");
    const runForCode = async (...argv: string[]) => (await session.run({ argv }, testContext())).exitCode;
    expect(await runForCode("no-such-program")).toBe(127);
    expect(await runForCode("./plain")).toBe(126);
    expect(await runForCode("sh", "-c", "kill -TERM $$")).toBe(143);
    // Runs the program, not the shell builtin of the same name.
    expect(await runForCode("exit", "0")).toBe(127);
  });

  it("refuses an invalid name of a variable", async () => {
    const session = await (await testMachine()).connect();
    await expect(session.run({ argv: ["true"], env: { "A;id": "1" } }, testContext())).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
    });
  });
});

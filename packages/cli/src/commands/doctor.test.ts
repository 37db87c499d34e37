import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  defineProvider,
  defineTransport,
  type MachineFacts,
  type NotReady,
  type Quote,
  type Session,
} from "@unitrain/core";
import { local } from "@unitrain/provider-local";
import { describe, expect, it } from "vitest";
import { createCollectingContext } from "../../test/collected.ts";
import { examplePlan } from "../../test/event-script.ts";
import { scratchFolders } from "../../test/scratch.ts";
import type { Script } from "../../test/script.ts";
import { checkFacts } from "../doctor/facts.ts";
import { main } from "../main.ts";

const scratch = scratchFolders();

async function runCli(
  line: string,
  script: Script = {},
  env: Record<string, string> = {},
  folder = scratch(),
) {
  const home = scratch();
  const cli = createCollectingContext(script, {
    folder,
    env: { HOME: home, UNITRAIN_HOME: join(home, "state"), ...env },
  });
  const exitCode = await main(line.split(" "), cli.context);
  return { exitCode, out: cli.stdout.text(), stderr: cli.stderr.text() };
}

const quote: Quote = { ...examplePlan.quote, machine: "H100-1 in sequoia", priceUsdPerHour: 2.25 };
const desk = defineProvider({
  name: "desk",
  connectionKind: "ssh",
  ownership: "borrowed",
  quote: async () => quote,
  listPlannedResources: () => [],
  lease: async () => {},
  getMachineState: async () => ({
    state: "running",
    machine: { connectionKind: "ssh", host: "desk.local", port: 22, user: "me" },
  }),
  release: async () => [],
});
const answering = (answer: NotReady | Session) =>
  defineTransport({ name: "wire", supports: ["ssh"], connect: async () => answer });

describe("doctor", () => {
  it("checks this computer", async () => {
    const { exitCode, out } = await runCli("doctor");
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^this computer\n\+ Node +\d+\.\d+/);
    for (const name of ["state folder", "disk here", "ssh keys", "known hosts", "API key"])
      expect(out).toContain(name);
    expect(out).toContain("(the first run creates it)");
  });

  it("reports a state folder that other users can write to, with the fix", async () => {
    const home = scratch();
    chmodSync(home, 0o777);
    const { exitCode, out } = await runCli("doctor", {}, { UNITRAIN_HOME: home });
    expect(exitCode).toBe(1);
    expect(out).toContain("Other users can write to the state folder");
    expect(out.replaceAll(/\s+/g, " ")).toContain(`Run: chmod 700 ${home}`);
  });

  it("finds the files in ~/.ssh and the key for CanopyWave, without showing the key", async () => {
    const home = scratch();
    mkdirSync(join(home, ".ssh"));
    writeFileSync(join(home, ".ssh", "id_ed25519"), "");
    writeFileSync(join(home, ".ssh", "known_hosts"), "");
    writeFileSync(join(home, ".ssh", "config"), "Host gpu-box\n");
    const { out } = await runCli("doctor", {}, { HOME: home, CANOPYWAVE_API_KEY: "cw_not-to-be-shown" });
    expect(out).toMatch(/\+ ssh keys +id_ed25519/);
    expect(out).toMatch(/\+ known hosts +~\/.ssh\/known_hosts; aliases: gpu-box/);
    expect(out).toContain("CANOPYWAVE_API_KEY is set");
    expect(out).not.toContain("cw_not");
  });

  it("warns if git would commit models, or if a model may contain a token", async () => {
    const folder = scratch();
    const git = (...words: string[]) => execFileSync("git", words, { cwd: folder, stdio: "ignore" });
    git("init");
    git("remote", "add", "origin", "https://me:token@example.com/x.git");
    const { out, exitCode } = await runCli("doctor", {}, {}, folder);
    expect(out).toContain("! git");
    expect(out).toContain("add that line to .gitignore");
    expect(out).toContain("git remote set-url origin");
    expect(out).not.toContain("me:token");
    expect(exitCode).toBe(0);
    writeFileSync(join(folder, ".gitignore"), "runs/\n");
    expect((await runCli("doctor", {}, {}, folder)).out).toContain("runs/ is ignored");
  });

  it("connects to the named machine and describes it", async () => {
    const home = scratch();
    const adapters = { provider: local({ workFolder: join(home, "work") }) };
    const { exitCode, out } = await runCli("doctor --on local", { adapters });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/\nlocal\n\+ connection/);
    for (const name of ["machine", "GPU", "disk of runs", "Python"]) expect(out).toContain(name);
    const json = await runCli("doctor --on local --json", { adapters });
    expect(JSON.parse(json.out)).toMatchObject({
      ok: true,
      parts: [{ subject: "this computer" }, { subject: "local" }],
    });
  });

  it("exits with 1 and names the step at which a connection failed, with a hint", async () => {
    const refused: NotReady = {
      ready: false,
      step: "login",
      reason: "it accepts none of your keys",
      final: true,
    };
    const { exitCode, out } = await runCli("doctor --on desk", {
      adapters: { provider: desk, transport: answering(refused) },
    });
    expect(exitCode).toBe(1);
    expect(out).toContain("x connection  login: it accepts none of your keys\n");
    expect(out).toContain("with `ssh` to see the reason");
  });

  it("rents nothing, and shows only the offer of a machine that would cost money", async () => {
    const provider = { ...desk, ownership: "rented" as const, offers: async () => [quote, quote] };
    const { exitCode, out } = await runCli("doctor --on cloud", { adapters: { provider } });
    expect(exitCode).toBe(0);
    expect(out).toContain("H100-1 in sequoia, $2.25/h, in stock: yes; 2 offers in all");
    expect(out).toContain("not checked, because it would have to be rented");
  });

  it("reports an unknown machine and an invalid configuration as failed checks", async () => {
    const { exitCode, out } = await runCli("doctor --on nowhere");
    expect(exitCode).toBe(1);
    expect(out).toContain("x machine  There is no such machine.");
    expect((await runCli("doctor --config none.ts")).out).toContain(
      "x configuration  The configuration file none.ts does not exist.",
    );
  });
});

describe("the hardware of a machine", () => {
  const facts: MachineFacts = {
    os: "Linux",
    architecture: "x86_64",
    hostname: "gpu-box",
    home: "/home/me",
    workFolder: "/data/unitrain/1",
    environmentsFolder: "/home/me/.cache/unitrain/1/environments",
    cpus: 8,
    ramBytes: 64e9,
    sharedMemoryBytes: 64e6,
    mounts: [
      { path: "/", freeBytes: 2e9 },
      { path: "/data", freeBytes: 900e9 },
    ],
    gpus: [{ name: "NVIDIA L4", memoryBytes: 24e9, computeCapability: "8.9" }],
    gpuDriver: "570.172.08",
    tools: ["python3"],
    root: false,
  };
  const checksFor = (changes: Partial<MachineFacts> = {}) =>
    Object.fromEntries(
      checkFacts({ ...facts, ...changes }, { leastBytes: 3e9, neededBytes: 8e9 }).map(
        ({ name, state, found }) => [name, `${state}: ${found}`],
      ),
    );

  it("includes the free disk space of the folders that a run uses", () => {
    expect(checksFor()).toEqual({
      machine: "ok: gpu-box: Linux x86_64, 8 CPUs, 64 GB RAM",
      GPU: "ok: NVIDIA L4 24 GB, compute capability 8.9",
      driver: "ok: 570.172.08",
      "disk of runs": "ok: 900 GB free for /data/unitrain/1",
      "disk of packages": "warn: 2 GB free for /home/me/.cache/unitrain/1/environments",
      "/dev/shm": "warn: 64 MB",
      tmux: "note: not installed; trainings run without it",
      Python: "ok: python3",
    });
  });

  it("includes the processes on a GPU with their users", () => {
    const [gpu] = facts.gpus;
    if (gpu === undefined) throw new Error("no GPU");
    const processes = [{ pid: 4711, user: "ann", name: "python3", memoryBytes: 20e9 }];
    expect(checksFor({ gpus: [{ ...gpu, processes }] })).toMatchObject({
      "GPU 0": "warn: in use by python3 (process 4711, user ann, 20 GB)",
    });
  });

  it("may lack a GPU and Python, and may have another operating system", () => {
    expect(checksFor({ gpus: [], tools: [], os: "Darwin", mounts: [] })).toMatchObject({
      GPU: "warn: none was found",
      Python: "warn: neither python3 nor uv",
      "disk of runs": "note: /data/unitrain/1: its size could not be read",
    });
  });
});

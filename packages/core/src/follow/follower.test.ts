import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemPorts } from "../ports.ts";
import type { Plan } from "../spec/index.ts";
import { runFolder } from "../state/run-folder.ts";
import { follow } from "./follower.ts";

const lockModule = new URL("../state/lock.ts", import.meta.url).href;

/** Starts a process that holds a run's lock as a controller does, and runs `does` every 20 ms. */
async function startController(does: (request: string) => string) {
  const home = await mkdtemp(join(tmpdir(), "unitrain-follower-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const folder = runFolder(home, "run");
  await mkdir(folder.path, { recursive: true });
  const source = `
    const { existsSync } = await import("node:fs");
    const { systemLocks } = await import(${JSON.stringify(lockModule)});
    globalThis.lock = await systemLocks.take(${JSON.stringify(folder.lock)});
    console.log("held");
    setInterval(() => ${does(JSON.stringify(folder.stopRequest))}, 20);`;
  const words = ["--conditions=@unitrain/source", "--input-type=module", "-e", source];
  const controller = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void controller.kill("SIGKILL"));
  await once(controller.stdout, "data");
  return { controller, folder, home };
}

test.skipIf(process.platform === "win32")(
  "stop wakes a suspended controller, because it cannot read the request",
  async () => {
    const { controller, folder, home } = await startController(
      (request) => `existsSync(${request}) && process.exit()`,
    );
    const ended = once(controller, "exit");
    controller.kill("SIGSTOP");
    await follow(createPlan("rented"), folder, systemPorts, home).stop();
    expect(await ended).toEqual([0, null]);
  },
);

test.each([
  ["rented", "RELEASE_UNCONFIRMED", { type: "release" }],
  ["borrowed", "RUN_BUSY", { type: "stop", run: "otter" }],
] as const)(
  "stop names the process if the controller of a %s run does not answer",
  async (ownership, code, next) => {
    const { controller, folder, home } = await startController(() => "0");
    await expect(
      follow(createPlan(ownership), folder, systemPorts, home, { takenUpMs: 300 }).stop(),
    ).rejects.toMatchObject({
      code,
      message: `otter was not stopped: process ${controller.pid} drives it and does not answer.`,
      hint: expect.stringContaining(`kill -9 ${controller.pid}`),
      action: next,
    });
    expect(existsSync(folder.stopRequest)).toBe(true);
  },
);

test("stop suggests no process to kill if the id of the controller is unknown", async () => {
  const { folder, home } = await startController(() => "0");
  await rm(`${folder.lock}.holder`);
  const run = follow(createPlan("rented"), folder, systemPorts, home, { takenUpMs: 300 });
  await expect(run.stop()).rejects.toMatchObject({
    message: "otter was not stopped: another process drives it and does not answer.",
    hint: "Its machine may cost money until it is released. End that process, then release the machine.",
  });
});

const createPlan = (ownership: "rented" | "borrowed") =>
  ({ runId: "run", name: "otter", provider: { ownership } }) as Plan;

test("watching a rented run whose controller died ends with an error, because its machine may still cost money", async () => {
  const { controller, folder, home } = await startController(() => "0");
  const rented = { kind: "instance", name: "unitrain-x", id: "i", onRelease: "end" };
  const entry = { v: 1, seq: 0, at: new Date().toISOString(), type: "resource", resource: rented };
  await writeFile(folder.ledger, `${JSON.stringify(entry)}\n`);
  const patience = { takenUpMs: 300, takenOverMs: 500 };
  const { result } = follow(createPlan("rented"), folder, systemPorts, home, patience);
  controller.kill("SIGKILL");
  await expect(result).rejects.toMatchObject({
    code: "RELEASE_UNCONFIRMED",
    action: { type: "release" },
  });
});

test("watching continues if another process continues the run", async () => {
  const { controller, folder, home } = await startController(() => "0");
  const rented = { kind: "instance", name: "unitrain-x", id: "i", onRelease: "end" };
  const entry = { v: 1, seq: 0, at: new Date().toISOString(), type: "resource", resource: rented };
  await writeFile(folder.ledger, `${JSON.stringify(entry)}\n`);
  const { result } = follow(createPlan("rented"), folder, systemPorts, home);
  controller.kill("SIGKILL");
  await once(controller, "exit");
  const lock = await systemPorts.locks.take(folder.lock);
  const finished = { seq: 0, at: "", runId: "run", type: "finished", outcome: "completed" };
  await writeFile(folder.events, `${JSON.stringify({ ...finished, receipt: { artifacts: [] } })}\n`);
  await expect(result).resolves.toMatchObject({ outcome: "completed" });
  await lock?.release();
});

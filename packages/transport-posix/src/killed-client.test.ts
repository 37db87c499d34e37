import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";
import { testContext } from "../test/context.ts";
import { readLog } from "../test/follow-to-end.ts";
import { createFileEntry, createShipment, expectSame, listUnfinishedShips } from "../test/shipments.ts";
import { type OnEnd, type TestMachine, testMachine } from "../test/test-machine.ts";

describe.concurrent("a client that is killed with -9", () => {
  it("while following leaves the job running, and another client gets the whole log", async ({
    expect,
    onTestFinished,
  }) => {
    const machine = await testMachine(onTestFinished);
    const job = machine.job("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; sleep 0.2; done; exit 42");
    const client = startClient(onTestFinished, machine, "train", { job });
    await saying(client, "line 2");
    client.kill("SIGKILL");
    await once(client, "exit");
    const session = await machine.connect();
    const expectedLog = Array.from({ length: 12 }, (_, at) => `line ${at + 1}\n`).join("");
    expect((await readLog(session, job.id)).toString()).toBe(expectedLog);
    expect(await session.getJobState(job.id, testContext())).toMatchObject({ state: "ended", exitCode: 42 });
  });

  it("while following ends the loop on the machine", async ({ expect, onTestFinished }) => {
    const machine = await testMachine(onTestFinished);
    const job = machine.job("echo begun; exec sleep 300");
    const client = startClient(onTestFinished, machine, "train", { job });
    await saying(client, "begun");
    client.kill("SIGKILL");
    await once(client, "exit");
    const session = await machine.connect();
    const loops = async () => {
      const { stdout } = await session.run({ argv: ["ps", "-A", "-o", "stat=,args="] }, testContext());
      return stdout.split("\n").filter((line) => line.includes(machine.root) && line.includes("tell_files"));
    };
    await expect.poll(loops, { timeout: 10_000, interval: 250 }).toEqual([]);
  });

  it("during a download leaves the old model intact, and the next download resumes", async ({
    expect,
    onTestFinished,
  }) => {
    const machine = await testMachine(onTestFinished);
    const session = await machine.connect();
    const content = randomBytes(20_000_000);
    const path = join(machine.workFolder, "best.pt");
    writeFileSync(path, content);
    const localPath = join(machine.root, "best.pt");
    writeFileSync(localPath, "the old model");
    const file = { path, sizeBytes: content.length, modifiedAt: new Date().toISOString() };
    let resumed = 0;
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const client = startClient(onTestFinished, machine, "fetch", { file, localPath });
      // Kills at a different moment each time, starting before the first byte.
      if (attempt > 1) await saying(client, "\n");
      client.kill("SIGKILL");
      await once(client, "exit");
      const complete = readFileSync(localPath);
      if (complete.equals(content)) break;
      expect(complete.toString()).toBe("the old model");
      if (existsSync(`${localPath}.part`)) resumed = readFileSync(`${localPath}.part`).length;
    }
    const seen: number[] = [];
    await session.fetch(file, localPath, testContext(), (bytes) => seen.push(bytes));
    expect(readFileSync(localPath).equals(content)).toBe(true);
    expect(seen.every((bytes) => bytes > resumed)).toBe(true);
    expect(readdirSync(machine.root).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("during an upload leaves nothing under a final name, and the next upload succeeds", async ({
    expect,
    onTestFinished,
  }) => {
    const machine = await testMachine(onTestFinished);
    const session = await machine.connect();
    const entries = [
      createFileEntry(machine, "a.bin", randomBytes(30_000_000)),
      createFileEntry(machine, "b", "x"),
    ];
    const shipment = createShipment(machine, entries);
    const client = startClient(onTestFinished, machine, "ship", { shipment, entries });
    await saying(client, "\n");
    client.kill("SIGKILL");
    await once(client, "exit");
    expect(existsSync(shipment.target)).toBe(false);
    await session.ship(shipment, testContext(), () => {});
    expectSame(entries, shipment);
    await expect.poll(() => listUnfinishedShips(machine), { timeout: 5_000 }).toEqual([]);
  });
});

function startClient(onTestFinished: OnEnd, machine: TestMachine, step: string, input: object): ChildProcess {
  const script = fileURLToPath(new URL("../test/client.ts", import.meta.url));
  const words = [
    "--conditions=@unitrain/source",
    script,
    step,
    JSON.stringify({ ...input, workFolder: machine.workFolder }),
  ];
  const client = spawn(process.execPath, words, { env: machine.env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => void client.kill("SIGKILL"));
  return client;
}

async function saying(client: ChildProcess, text: string): Promise<void> {
  let output = "";
  for await (const chunk of client.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    output += chunk;
    if (output.includes(text)) return;
  }
  throw new Error(`the client ended without saying ${JSON.stringify(text)}: ${output}`);
}

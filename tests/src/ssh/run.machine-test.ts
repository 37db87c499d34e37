import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createUnitrain } from "@unitrain/core";
import { sshMachine } from "@unitrain/provider-ssh";
import { ssh } from "@unitrain/transport-ssh";
import { expect, onTestFinished, test } from "vitest";
import { collectEvents, joinLog } from "../engine/engine-harness.ts";
import { startClient } from "../local/client.ts";
import { runsIn } from "../local/local-harness.ts";
import { shellFramework } from "../local/shell-framework.ts";
import {
  findMaster,
  formatKnownHostsLine,
  type TestServerOptions,
  tcpProxy,
  testServer,
} from "./ssh-server.ts";

async function createSshHarness(options: Partial<TestServerOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "unitrain ssh "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const isAtEnd = onTestFinished;
  const server = await testServer({ onEnd: isAtEnd, ...options });
  const line = await tcpProxy(server.port, isAtEnd);
  await appendFile(server.knownHostsFile, formatKnownHostsLine(line.port, server.hostKey));
  // An empty configuration file keeps the user's own configuration out of the test.
  const sshConfigFile = join(folder, "ssh_config");
  await writeFile(sshConfigFile, "");
  const machine = { host: "127.0.0.1", port: line.port, user: server.user };
  const sshOptions = {
    identityFile: server.keyFile,
    knownHostsFile: server.knownHostsFile,
    sshConfigFile,
    workFolder: "~/work folder",
  };
  const home = join(folder, "home");
  const out = join(folder, "out");
  const workFolder = join(server.home, "work folder");
  const unitrain = (script: string) =>
    createUnitrain({
      home,
      provider: sshMachine(machine),
      transport: ssh(sshOptions),
      framework: shellFramework({ script }),
    });
  return { folder, home, out, server, line, machine, sshOptions, workFolder, unitrain };
}

/** Counts login shells by a line that each of them writes when it starts. */
async function countLoginShells(home: string, more = "") {
  const starts = join(home, "starts");
  await writeFile(starts, "");
  await writeFile(join(home, ".bashrc"), `echo start >>'${starts}'; ${more}\n`);
  return { count: async () => (await readFile(starts, "utf8")).split("\n").length - 1 };
}

const model = `printf 'a model, end\\n' >"$output/best.model"`;

test("a run over ssh downloads its model, and a second run uploads nothing", {
  timeout: 90_000,
}, async () => {
  const harness = await createSshHarness({ config: ["MaxSessions 2"] });
  const unitrain = harness.unitrain(
    `for epoch in 1 2 3; do echo "epoch $epoch of 3"; echo $epoch >>"$output/epochs.txt"; sleep 0.3; done; cat "$dataset/data.txt"; ${model}`,
  );
  const plan = await unitrain.plan({ data: harness.folder, out: harness.out });
  expect(plan.quote).toMatchObject({ machine: "127.0.0.1 (ssh)", priceUsdPerHour: 0, gpus: "unknown" });
  const run = await unitrain.start(plan);
  const events = await collectEvents(run);
  const { outcome, receipt } = await run.result;
  expect(outcome).toBe("completed");
  expect(joinLog(events)).toBe("epoch 1 of 3\nepoch 2 of 3\nepoch 3 of 3\none file\n");
  expect(receipt.lease.release).toBe("nothing-paid");
  expect(await readFile(join(harness.out, "best.model"), "utf8")).toBe("a model, end\n");
  expect(await readdir(join(harness.workFolder, "runs"))).toEqual([]);
  expect(events).toContainEqual(
    expect.objectContaining({ type: "status", phase: "connect", message: "SSH service ready" }),
  );

  const again = await unitrain.start(await unitrain.plan({ data: harness.folder, out: harness.out }));
  expect((await again.result).receipt.data).toMatchObject({ sentBytes: 0, reusedBytes: 9 });
});

test("a run with an alias and a certificate uses the ssh program, also after its master is killed", {
  timeout: 90_000,
}, async () => {
  const { folder, home, out, server } = await createSshHarness({ certificate: true });
  const sshConfigFile = join(folder, "with a certificate");
  await writeFile(
    sshConfigFile,
    `Host box\n  HostName 127.0.0.1\n  Port ${server.port}\n  User ${server.user}\n  IdentityFile ${server.keyFile}\n  UserKnownHostsFile ${server.knownHostsFile}\n`,
  );
  const transport = ssh({ sshConfigFile, workFolder: "~/work folder" });
  const unitrain = createUnitrain({
    home,
    provider: sshMachine("box"),
    // Simulates a login with a second factor, which needs a terminal.
    transport: {
      ...transport,
      async connect(machine, context) {
        const session = await transport.connect(machine, context);
        return "ready" in session ? session : { ...session, loginNeedsPerson: "an answer" };
      },
    },
    framework: shellFramework({ script: `echo begun; sleep 3; echo over; ${model}` }),
  });
  const plan = await unitrain.plan({ data: folder, out });
  const reason = `because of the certificate ${server.keyFile}-cert.pub`;
  expect(plan.connection).toBe(`over the ssh program ${reason}`);
  const run = await unitrain.start(plan);
  const events = [];
  for await (const event of run.events) {
    events.push(event);
    if (event.type === "log" && event.text.includes("begun"))
      process.kill((await findMaster(server)).pid, "SIGKILL");
  }
  expect((await run.result).outcome).toBe("completed");
  expect(joinLog(events)).toBe("begun\nover\n");
  expect(await readFile(join(out, "best.model"), "utf8")).toBe("a model, end\n");
  expect(events).toContainEqual(
    expect.objectContaining({ type: "status", message: `Connecting with the ssh program ${reason}` }),
  );
  expect(events).toContainEqual(expect.objectContaining({ type: "connection", state: "lost" }));
  const warnings = events.filter(
    (event) => event.type === "warning" && event.message.includes("needs a person"),
  );
  expect(warnings).toMatchObject([{ action: { type: "attach", run: run.name } }]);
});

test("the run survives a lost connection and an unattended stop when logging in needs a person", {
  timeout: 90_000,
}, async () => {
  const harness = await createSshHarness();
  const unitrain = harness.unitrain(
    `${model}; echo begun; for i in $(seq 1 300); do echo $i; sleep 0.2; done`,
  );
  const run = await unitrain.start(await unitrain.plan({ data: harness.folder, out: harness.out }));
  const leases = join(harness.home, "leases");
  let note = "";
  for await (const event of run.events) {
    if (event.type !== "log" || !event.text.includes("begun")) continue;
    // The note that a login with a second factor leaves.
    const [lease = ""] = await readdir(leases);
    note = join(leases, lease, "keys", "ssh_login.json");
    await writeFile(note, JSON.stringify({ reason: "a question", person: "an answer" }));
    harness.line.cut();
  }
  const needed = { code: "LOGIN_NEEDS_PERSON", action: { type: "attach" } };
  await expect(run.result).rejects.toMatchObject(needed);
  const stopping = await runsIn(harness.home).attach();
  await stopping.stop();
  await expect(stopping.result).rejects.toMatchObject(needed);
  await rm(note);
  // A process that can log in executes the stop and downloads the model.
  const attached = await runsIn(harness.home).attach();
  await collectEvents(attached);
  expect((await attached.result).receipt.stoppedBy).toBe("user");
  expect(await readFile(join(harness.out, "best.model"), "utf8")).toBe("a model, end\n");
});

test("a run starts few login shells, because each may take seconds", { timeout: 90_000 }, async () => {
  const harness = await createSshHarness();
  const shells = await countLoginShells(harness.server.home);
  const unitrain = harness.unitrain(`echo begun; sleep 0.5; ${model}`);
  const run = await unitrain.start(await unitrain.plan({ data: harness.folder, out: harness.out }));
  expect((await run.result).outcome).toBe("completed");
  // Each of about 20 steps used to start one. The shell of an ordinary user may not be bash, and then none is counted.
  expect(await shells.count()).toBeLessThanOrEqual(7);
  if (process.getuid?.() === 0) expect(await shells.count()).toBeGreaterThan(0);
});

test("shows each line once and in order when the connection is lost ten times", {
  timeout: 120_000,
}, async () => {
  const harness = await createSshHarness();
  const unitrain = harness.unitrain(
    `for i in $(seq 1 400); do for j in 1 2 3 4 5; do echo "line $((i * 5 + j - 5))"; done; sleep 0.02; done; ${model}`,
  );
  const run = await unitrain.start(await unitrain.plan({ data: harness.folder, out: harness.out }));
  let cuts = 0;
  const lost: string[] = [];
  let log = "";
  for await (const event of run.events) {
    if (event.type === "connection" && event.state === "lost") lost.push(event.detail);
    if (event.type !== "log") continue;
    log += event.text;
    if (cuts < 10 && log.length > cuts * 1_500) {
      cuts += 1;
      harness.line.cut();
    }
  }
  expect((await run.result).outcome).toBe("completed");
  expect(cuts).toBe(10);
  expect(lost.length).toBeGreaterThan(0);
  expect(log).toBe(Array.from({ length: 2_000 }, (_, at) => `line ${at + 1}\n`).join(""));
});

test("another process downloads the model after the client was killed with -9", {
  timeout: 90_000,
}, async () => {
  const harness = await createSshHarness();
  const script = `for i in 1 2 3 4 5 6 7 8 9 10; do echo "line $i"; sleep 0.3; done; ${model}`;
  const client = startClient(
    new URL("./drive.ts", import.meta.url),
    "start",
    harness.folder,
    script,
    JSON.stringify(harness.machine),
    JSON.stringify(harness.sshOptions),
  );
  await client.says("job started");
  await client.kill();
  const run = await runsIn(harness.home).attach();
  const events = await collectEvents(run);
  expect((await run.result).outcome).toBe("completed");
  expect(joinLog(events)).toBe(Array.from({ length: 10 }, (_, at) => `line ${at + 1}\n`).join(""));
});

test("an unknown host key ends the run at once, with a hint", { timeout: 60_000 }, async () => {
  const harness = await createSshHarness();
  await writeFile(harness.server.knownHostsFile, "");
  const unitrain = harness.unitrain(model);
  const run = await unitrain.start(await unitrain.plan({ data: harness.folder, out: harness.out }));
  await expect(run.result).rejects.toMatchObject({
    code: "HOST_KEY_UNKNOWN",
    hint: expect.stringMatching(/ssh .*-p \d+/),
  });
});

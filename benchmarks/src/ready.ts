import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, startEmulator } from "@unitrain/cloud-emulator/canopywave";
import { createUnitrain } from "@unitrain/core";
import { canopywave } from "@unitrain/provider-canopywave";
import { ssh } from "@unitrain/transport-ssh";
import { shellFramework } from "../../tests/src/local/shell-framework.ts";

const rounds = 11;

/**
 * Measures the delay between sshd listening on a rented machine and an open session. There is no peer: all of it is
 * unitrain's overhead.
 */
export async function ready(): Promise<void> {
  const lostMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) lostMs.push(await measureLostMs());
  lostMs.sort((a, b) => a - b);
  const at = (share: number) => Math.round(lostMs[Math.floor((lostMs.length - 1) * share)] ?? 0);
  console.log("from sshd listening on a rented machine to a session");
  console.log(`  ${at(0.5)} ms (${at(0.25)} to ${at(0.75)}, worst ${at(1)}, ${rounds} machines)`);
}

async function measureLostMs(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "ut-ready-"));
  const emulator = await startEmulator({
    folder: join(folder, "cloud"),
    machines: "real",
    others: "none",
    boot: {
      buildMs: 300,
      activeToSshMs: 1_500 + Math.random() * 500,
      silentMs: 0,
      bootingUpMs: 0,
      terminateMs: 0,
    },
  });
  try {
    const unitrain = createUnitrain({
      home: join(folder, "home"),
      guardian: false,
      provider: canopywave({
        baseUrl: emulator.url,
        apiKey: emulator.apiKey,
        sshUser: emulator.ssh.user,
        sshPort: emulator.ssh.port,
        gpus: 0,
      }),
      transport: ssh(),
      framework: shellFramework({ script: `printf 'end\\n' > "$output/best.model"` }),
    });
    const run = await unitrain.start(await unitrain.plan({ data: folder, out: join(folder, "out") }));
    const listening = waitForSshd(emulator);
    for await (const event of run.events) {
      if (event.type !== "status" || event.message !== "SSH service ready") continue;
      const lostMs = Date.parse(event.at) - (await listening);
      await run.result;
      return lostMs;
    }
    throw new Error("The machine was never ready.");
  } finally {
    await emulator.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Watches the kernel's table of sockets, because connecting would add load to sshd. */
async function waitForSshd(emulator: Emulator): Promise<number> {
  for (let attempt = 0; attempt < 6_000; attempt += 1) {
    const [address] = emulator.addresses();
    const port = process.getuid?.() === 0 ? 22 : 2222;
    if (address !== undefined) {
      const bytes = address.ip.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
      const wanted = `${bytes.toReversed().join("")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
      const table = await readFile("/proc/net/tcp", "utf8");
      if (table.split("\n").some((line) => line.includes(` ${wanted} `) && / 0A /.test(line)))
        return Date.now();
    }
    await sleep(5);
  }
  throw new Error("No sshd started.");
}

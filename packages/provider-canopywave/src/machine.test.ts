import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "@unitrain/cloud-emulator/canopywave";
import type { Resource, RunContext } from "@unitrain/core/spec";
import { ssh } from "@unitrain/transport-ssh";
import { expect, it, onTestFinished } from "vitest";
import { leaseId } from "../test/testbed.ts";
import { canopywave } from "./index.ts";

it.runIf(process.platform === "linux")(
  "a rented machine accepts the lease's key, and is really gone afterwards",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "ut-cw-"));
    const emulator = await startEmulator({ folder: join(folder, "cloud"), machines: "real" });
    onTestFinished(async () => {
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    });
    const { url: baseUrl, apiKey, ssh: login } = emulator;
    const own = { baseUrl, apiKey, sshUser: login.user, sshPort: login.port };
    const provider = canopywave({ ...own, gpus: 0, pollMs: 100 });
    const transport = ssh();
    const context: RunContext = {
      signal: AbortSignal.timeout(60_000),
      secret: () => {},
      showStatus: () => {},
      wait: (ms) => sleep(ms),
      runId: "20261124-001530-x7q2",
      leaseId,
      folder: join(folder, "lease"),
    };
    await mkdir(context.folder, { mode: 0o700 });
    const noted = new Map<string, Resource>();
    const identity = await transport.identity?.(context);
    await provider.lease(await provider.quote({ diskBytes: 1e9 }, context), {
      ...context,
      ...identity,
      record: async (resource) => void noted.set(resource.kind, resource),
      stopSignal: new AbortController().signal,
    });
    const state = await provider.getMachineState([...noted.values()], context);
    if (state.state !== "running" || state.machine.connectionKind !== "ssh")
      throw new Error(JSON.stringify(state));
    let session = await transport.connect(state.machine, context);
    while ("ready" in session) {
      await sleep(50);
      session = await transport.connect(state.machine, context);
    }
    const whoami = await session.run({ argv: ["sh", "-c", "id -un; sleep 1000 & echo $!"] }, context);
    expect(whoami).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(`^${state.machine.user}\n`) });
    await session[Symbol.asyncDispose]();
    expect(await provider.release([...noted.values()], context)).toHaveLength(3);
    expect(await transport.connect(state.machine, context)).toMatchObject({ ready: false });
  },
  60_000,
);

import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, homedir, hostname, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunContext } from "@unitrain/core/spec";
import { describe, expect, it, onTestFinished } from "vitest";
import { local } from "./index.ts";
import { quoteThisComputer } from "./quote.ts";

const context: RunContext = {
  signal: new AbortController().signal,
  secret: () => {},
  showStatus: () => {},
  wait: (ms) => sleep(ms),
  runId: "run",
  leaseId: "installation-run-1",
  folder: "/nonexistent",
};

describe("local", () => {
  it("is borrowed, free and running", async () => {
    const provider = local();
    expect(provider).toMatchObject({ name: "local", connectionKind: "local", ownership: "borrowed" });
    const quote = await provider.quote({ diskBytes: 1 }, context);
    expect(quote).toMatchObject({
      machine: expect.stringContaining(hostname()),
      priceUsdPerHour: 0,
      upfrontUsd: 0,
      otherUsdPerHour: 0,
      cpus: availableParallelism(),
      ramBytes: totalmem(),
      available: "yes",
    });
    expect(quote.diskBytes).toBeGreaterThan(1);
    expect(provider.listPlannedResources("lease", quote)).toEqual([]);
    expect(await provider.getMachineState([], context)).toEqual({
      state: "running",
      machine: { connectionKind: "local" },
    });
    expect(await provider.release([], context)).toEqual([]);
  });

  it("can be created from its recipe in another process", async () => {
    const provider = local({ workFolder: "~/trainings" });
    expect(provider.recipe).toEqual({
      module: "@unitrain/provider-local",
      exportName: "local",
      options: { workFolder: "~/trainings" },
      secrets: [],
    });
    expect(JSON.parse(JSON.stringify(local().recipe?.options))).toEqual({});
    expect(local(JSON.parse(JSON.stringify(provider.recipe?.options))).recipe).toEqual(provider.recipe);
  });

  it("refuses what the computer does not have, with both figures", async () => {
    const refused = { code: "NOT_AVAILABLE", hint: expect.any(String) };
    await expect(local().quote({ diskBytes: 1e18 }, context)).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/has [\d.]+ GB free disk at .*; 1000 PB are needed/),
    });
    await expect(local().quote({ diskBytes: 1, ramBytes: 1e18 }, context)).rejects.toMatchObject(refused);
    await expect(local().quote({ diskBytes: 1, gpus: 64 }, context)).rejects.toMatchObject(refused);
    await expect(local().quote({ diskBytes: 1, gpu: "H900" }, context)).rejects.toMatchObject(refused);
  });

  it("refuses Windows outside WSL, with a hint", async () => {
    await expect(quoteThisComputer({ diskBytes: 1 }, undefined, undefined, "win32")).rejects.toMatchObject({
      code: "UNSUPPORTED_PLATFORM",
      hint: expect.stringContaining("wsl --install"),
    });
  });

  it.each([
    { workFolder: "relative" },
    { workFolder: "" },
    { workFolder: "/data/../etc" },
    { workFolder: "~/trainings/" },
    { workfolder: "/x" },
    { workFolder: 1 },
  ])("refuses the options %j", (options) => {
    // Values of any type, as a configuration in JavaScript may contain.
    expect(() => local(options as object)).toThrow(expect.objectContaining({ code: "INVALID_OPTIONS" }));
  });

  it("has a transport to this computer that uses the work folder of the options", async () => {
    const root = await mkdtemp("/tmp/ut-");
    onTestFinished(() => rm(root, { recursive: true }));
    const workFolder = join(root, "my work");
    const transport = local({ workFolder }).defaultTransport?.();
    expect(transport?.supports).toEqual(["local"]);
    const session = await transport?.connect({ connectionKind: "local" }, context);
    if (session === undefined || "ready" in session) throw new Error("not connected");
    expect(await session.facts(context)).toMatchObject({ workFolder, home: homedir(), hostname: hostname() });
    const done = await session.run({ argv: ["sh", "-c", "pwd; exit 3"] }, context);
    expect(done).toEqual({ exitCode: 3, stdout: `${workFolder}\n`, stderr: "" });
    await session[Symbol.asyncDispose]();
  });
});

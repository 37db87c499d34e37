import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "@unitrain/cloud-emulator/lambda";
import { runLive, virtualClock } from "@unitrain/conformance";
import { lambda } from "@unitrain/provider-lambda";
import { expect, it, onTestFinished } from "vitest";

it("every live rule is kept on Lambda, within its limits of requests, and nothing is left", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ut-live-"));
  const clock = virtualClock();
  const emulator = await startEmulator({ folder: join(folder, "cloud"), clock, limitsLaunches: true });
  onTestFinished(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const kept = await runLive({
    createProvider: () =>
      lambda({ baseUrl: emulator.url, apiKey: emulator.apiKey, now: clock.now, gpu: "A10" }),
    budgetUsd: 10,
    ledgerFile: join(folder, "ledger.jsonl"),
    clock,
    print: (line) => void lines.push(line),
    confirm: async () => true,
  });
  expect(kept, lines.join("\n")).toBe(true);
  expect(lines.filter((line) => line.startsWith("kept"))).toHaveLength(20);
  expect(lines.at(-1)).toMatch(/^Spent about \$\d+\.\d\d\. Nothing of the checks is left/);
  expect(emulator.instances().filter(({ isForeign }) => !isForeign)).toEqual([]);
  expect(emulator.keys().filter(({ isForeign }) => !isForeign)).toEqual([]);
});

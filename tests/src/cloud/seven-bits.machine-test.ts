import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "@unitrain/cloud-emulator/runpod";
import { createUnitrain } from "@unitrain/core";
import { runpod } from "@unitrain/provider-runpod";
import { ssh } from "@unitrain/transport-ssh";
import { expect, onTestFinished, test } from "vitest";
import { shellFramework } from "../local/shell-framework.ts";

test.runIf(process.platform === "linux")(
  "a pod whose connection loses the eighth bit is refused before the upload, with a hint, and released",
  { timeout: 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "ut-bits-"));
    const emulator = await startEmulator({ folder: join(folder, "cloud"), machines: "real" });
    onTestFinished(async () => {
      await emulator.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    });
    await writeFile(join(folder, "a.txt"), "a\n");
    emulator.inject({ fault: "seven-bits" });
    const unitrain = createUnitrain({
      home: join(folder, "home"),
      guardian: false,
      provider: runpod({ baseUrl: emulator.url, apiKey: emulator.apiKey, gpus: 0, pollMs: 100 }),
      transport: ssh(),
      framework: shellFramework({ script: "printf 'whole end\\n' > \"$output/best.model\"" }),
    });
    const plan = await unitrain.plan({ data: folder, out: join(folder, "out"), maxHours: 1 });
    const run = await unitrain.start(plan);
    const types: string[] = [];
    const collecting = (async () => {
      for await (const event of run.events) types.push(event.type);
    })();
    await expect(run.result).rejects.toMatchObject({
      code: "UNUSABLE_GATEWAY",
      message: expect.stringContaining("it passes only seven bits of each byte"),
      hint: expect.stringContaining("direct address"),
    });
    await collecting;
    expect(types).not.toContain("job");
    expect(emulator.instances().filter(({ isForeign }) => !isForeign)).toEqual([]);
  },
);

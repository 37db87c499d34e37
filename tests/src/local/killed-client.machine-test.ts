import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startClient } from "./client.ts";
import { killAgainAndAgain } from "./kill-again-and-again.ts";
import { createLocalHarness, runsIn } from "./local-harness.ts";

const program = new URL("./drive.ts", import.meta.url);

test(
  "shows each line once after the client was killed with -9 at 12 random moments",
  {
    timeout: 120_000,
  },
  () => killAgainAndAgain(12),
);

test("downloads the results of the one job after a client was killed before, during or after its start", {
  timeout: 90_000,
}, async () => {
  const script = `echo once >>"$output/../count"; sleep 1; cat "$output/../count"; printf 'end\\n' >"$output/best.model"`;
  for (const delayMs of [0, 80, 300]) {
    const harness = await createLocalHarness();
    const client = startClient(program, "start", harness.folder, script);
    await client.says("controller");
    await sleep(delayMs);
    await client.kill();
    const run = await runsIn(harness.home).attach();
    expect((await run.result).outcome, `killed after ${delayMs} ms`).toBe("completed");
    expect(await readFile(run.paths.log, "utf8"), `killed after ${delayMs} ms`).toBe("once\n");
  }
});

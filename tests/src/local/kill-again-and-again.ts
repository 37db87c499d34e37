import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { collectEvents, joinLog } from "../engine/engine-harness.ts";
import { startClient } from "./client.ts";
import { createLocalHarness, runsIn } from "./local-harness.ts";

/** Kills a client with SIGKILL that many times at random moments while a job prints, then lets one complete. Each line must appear once. */
export async function killAgainAndAgain(kills: number): Promise<void> {
  const harness = await createLocalHarness();
  const enough = join(harness.folder, "enough");
  // About 1,500 lines per second, in bursts like those of trainings.
  const script = `line=0; set +e
while [ ! -e '${enough}' ]; do
  for burst in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do line=$((line + 1)); echo "line $line"; done
  sleep 0.01
done
echo "$line" >"$output/epochs.txt"
printf 'end\\n' >"$output/best.model"`;
  const first = startClient(new URL("./drive.ts", import.meta.url), "start", harness.folder, script);
  await first.says("job started");
  await first.kill();
  for (let at = 1; at < kills; at += 1) {
    const client = startClient(new URL("./drive.ts", import.meta.url), "attach", harness.folder);
    await client.says("controller");
    await sleep(Math.random() * 150);
    await client.kill();
  }
  await writeFile(enough, "");

  const run = await runsIn(harness.home).attach();
  const events = await collectEvents(run);
  expect((await run.result).outcome).toBe("completed");
  const last = Number(await readFile(join(harness.out, "epochs.txt"), "utf8"));
  expect(last).toBeGreaterThan(1_000);
  const expected = Array.from({ length: last }, (_, at) => `line ${at + 1}\n`).join("");
  expect(await readFile(run.paths.log, "utf8")).toBe(expected);
  expect(joinLog(events)).toBe(expected);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at));
}

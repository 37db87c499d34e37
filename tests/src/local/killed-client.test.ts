import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { eventsOf, logOf } from "../engine/stage.ts";
import { startClient } from "./client.ts";
import { createLocalStage, runsIn } from "./local-stage.ts";

const kills = 40;
const program = new URL("./drive.ts", import.meta.url);

test(`a client killed with -9 at ${kills} random moments while the job prints: each line once`, {
  timeout: 180_000,
}, async () => {
  const stage = await createLocalStage();
  const enough = join(stage.folder, "enough");
  // Some 1,500 lines a second, in bursts as trainings print.
  const script = `line=0; set +e
while [ ! -e '${enough}' ]; do
  for burst in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do line=$((line + 1)); echo "line $line"; done
  sleep 0.01
done
echo "$line" >"$output/epochs.txt"
printf 'end\\n' >"$output/best.model"`;
  const first = startClient(program, "start", stage.folder, script);
  await first.says("job started");
  await first.kill();
  for (let at = 1; at < kills; at += 1) {
    const client = startClient(program, "attach", stage.folder);
    await client.says("controller");
    await sleep(Math.random() * 150);
    await client.kill();
  }
  await writeFile(enough, "");

  const run = await runsIn(stage.home).attach();
  const events = await eventsOf(run);
  expect((await run.result).outcome).toBe("completed");
  const last = Number(await readFile(join(stage.out, "epochs.txt"), "utf8"));
  expect(last).toBeGreaterThan(1_000);
  const expected = Array.from({ length: last }, (_, at) => `line ${at + 1}\n`).join("");
  expect(await readFile(run.paths.log, "utf8")).toBe(expected);
  expect(logOf(events)).toBe(expected);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at));
});

test("a client killed before, while and after the job is started: another one brings the one job home", {
  timeout: 90_000,
}, async () => {
  const script = `echo once >>"$output/../count"; sleep 2; cat "$output/../count"; printf 'end\\n' >"$output/best.model"`;
  for (const delayMs of [0, 30, 80, 150, 300]) {
    const stage = await createLocalStage();
    const client = startClient(program, "start", stage.folder, script);
    await client.says("controller");
    await sleep(delayMs);
    await client.kill();
    const run = await runsIn(stage.home).attach();
    expect((await run.result).outcome, `killed after ${delayMs} ms`).toBe("completed");
    expect(await readFile(run.paths.log, "utf8"), `killed after ${delayMs} ms`).toBe("once\n");
  }
});

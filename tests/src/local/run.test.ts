import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { collectEvents, joinLog } from "../engine/engine-harness.ts";
import { createLocalHarness } from "./local-harness.ts";

const script = `for epoch in 1 2 3; do echo "epoch $epoch of 3"; echo $epoch >>"$output/epochs.txt"; sleep 0.3; done
cat "$dataset/data.txt"
printf 'a model, end\\n' >"$output/best.model"`;

test("a run on this computer downloads its model and leaves only reusable files", async () => {
  const harness = await createLocalHarness();
  const unitrain = harness.process({ script });
  const plan = await unitrain.plan({ data: harness.folder, out: harness.out });
  const run = await unitrain.start(plan);
  const events = await collectEvents(run);
  const { outcome, receipt } = await run.result;
  expect(outcome).toBe("completed");
  expect(joinLog(events)).toBe("epoch 1 of 3\nepoch 2 of 3\nepoch 3 of 3\none file\n");
  expect(receipt.epochs).toEqual({ done: 3, total: 3 });
  expect(receipt.data).toMatchObject({ sentBytes: 9, reusedBytes: 0 });
  expect(receipt.lease.release).toBe("nothing-paid");
  expect(await readFile(join(harness.out, "best.model"), "utf8")).toBe("a model, end\n");
  expect(await readdir(join(harness.workFolder, "runs"))).toEqual([]);
  expect(await readdir(join(harness.workFolder, "jobs"))).toEqual([]);
  expect(await readdir(join(harness.workFolder, "store"))).toEqual([plan.data.digest]);

  const again = await unitrain.start(await unitrain.plan({ data: harness.folder, out: harness.out }));
  expect((await again.result).receipt.data).toMatchObject({ sentBytes: 0, reusedBytes: 9 });
  expect(again.paths.out).toBe(`${harness.out}-2`);
  expect(await readdir(again.paths.out)).toEqual(await readdir(harness.out));
});

test("a secret reaches the job and nothing else", async () => {
  const harness = await createLocalHarness();
  const canary = "canary-0123456789abcdef";
  const unitrain = harness.process({
    script: `printf '%s\\n' "$TOKEN" | tr a-z A-Z >"$output/epochs.txt"; echo "it is $TOKEN"; printf 'end\\n' >"$output/best.model"; sleep 1`,
    secrets: ["TOKEN"],
  });
  const plan = await unitrain.plan({ data: harness.folder, out: harness.out, secrets: ["TOKEN"] });
  const run = await unitrain.start(plan, { secrets: { TOKEN: canary } });
  for await (const event of run.events) if (event.type === "log") break;
  for (const file of await readdir(harness.folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || file.name === "log") continue;
    const content = await readFile(join(file.parentPath, file.name), "utf8").catch(() => "");
    expect(content, join(file.parentPath, file.name)).not.toContain(canary);
  }
  await run.result;
  expect(await readFile(join(harness.out, "epochs.txt"), "utf8")).toBe(`${canary.toUpperCase()}\n`);
  expect(await readFile(run.paths.log, "utf8")).toBe("it is [redacted]\n");
});

test("a pull while the model is being written downloads a complete one or none, and never damages an earlier one", {
  timeout: 60_000,
}, async () => {
  const harness = await createLocalHarness();
  const unitrain = harness.process({
    script: `for i in 1 2 3 4 5 6 7 8; do
      printf 'a model %s, ' $i >"$output/best.model"; echo $i >>"$output/epochs.txt"; sleep 0.2
      printf 'end\\n' >>"$output/best.model"; sleep 0.2
    done
    echo mine >notes.own; echo cache >notes.cache
    mkdir -p "$output/labels"; for i in 1 2 3 4 5; do echo "$i" >"$output/labels/$i.txt"; done`,
  });
  const run = await unitrain.start(await unitrain.plan({ data: harness.folder, out: harness.out }));
  for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
  for (let pulls = 0; pulls < 3; pulls += 1) {
    await run.pull();
    const model = await readFile(join(run.paths.out, "best.model"), "utf8").catch(() => "none, end\n");
    expect(model).toMatch(/end\n$/);
  }
  const { artifacts } = await run.result;
  expect(artifacts.map(({ path }) => path).sort()).toEqual([
    "best.model",
    "epochs.txt",
    ...["1", "2", "3", "4", "5"].map((name) => `labels/${name}.txt`),
    "working-folder/notes.own",
  ]);
  expect(await readFile(join(run.paths.out, "best.model"), "utf8")).toBe("a model 8, end\n");
});

test("each setup line runs in its own shell with the secrets, up to the first failure, and leaves a masked log", async () => {
  const harness = await createLocalHarness();
  const trace = join(harness.folder, "trace");
  const unitrain = harness.process({ script });
  const start = async (setup: readonly string[]) =>
    unitrain.start(
      await unitrain.plan({
        data: harness.folder,
        out: harness.out,
        setup,
        env: { TRACE: trace },
        secrets: ["TOKEN"],
      }),
      { secrets: { TOKEN: "canary-0123456789" } },
    );
  const failing = await start([
    'cd / && echo "one $DEBIAN_FRONTEND $TOKEN" >>"$TRACE"',
    'pwd; cat; echo "cannot use $TOKEN" >&2; exit 7',
    'echo three >>"$TRACE"',
  ]);
  await expect(failing.result).rejects.toMatchObject({
    code: "ENVIRONMENT_FAILED",
    message: expect.stringMatching(
      /^The setup line ".*exit 7" ended with exit code 7:\n[\s\S]*\n {2}cannot use \[redacted\]$/,
    ),
  });
  expect(await readFile(trace, "utf8")).toBe("one noninteractive canary-0123456789\n");
  expect(await readdir(join(harness.workFolder, "runs"))).toEqual([]);
  expect(await readdir(join(harness.workFolder, "jobs"))).toEqual([]);

  const run = await start(['echo "it is $TOKEN"']);
  expect((await run.result).outcome).toBe("completed");
  expect(await readFile(join(run.paths.folder, "environment.log"), "utf8")).toBe(
    '+ echo "it is $TOKEN"\nit is [redacted]\n',
  );
});

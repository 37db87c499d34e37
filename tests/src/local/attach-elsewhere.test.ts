import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createUnitrain } from "@unitrain/core";
import { local } from "@unitrain/provider-local";
import { afterEach, expect, test, vi } from "vitest";
import { createLocalHarness, runsIn } from "./local-harness.ts";
import { shellFramework } from "./shell-framework.ts";

/** Starts a training below one home folder and detaches from it. */
async function detachedRun() {
  const harness = await createLocalHarness();
  const userHome = join(harness.folder, "first user");
  await mkdir(userHome);
  vi.stubEnv("HOME", userHome);
  const script = `until [ -e "$output/end" ]; do sleep 0.1; done; printf 'whole end\\n' > "$output/best.model"`;
  const unitrain = createUnitrain({
    home: harness.home,
    provider: local(),
    framework: shellFramework({ script }),
  });
  const run = await unitrain.start(await unitrain.plan({ data: harness.home, out: harness.out }));
  for await (const event of run.events) if (event.type === "job" && event.state === "started") break;
  await run.detach();
  await run.result.catch(() => {});
  const workFolder = join(userHome, ".unitrain/1");
  const output = join(workFolder, "runs", run.id, "attempt-1/out");
  // The job creates this file; the folder can be moved only after that.
  await vi.waitFor(() => stat(output), { timeout: 30_000, interval: 50 });
  const end = () => writeFile(join(output, "end"), "");
  return { harness, run, workFolder, end };
}

afterEach(() => vi.unstubAllEnvs());

test("attach with another HOME continues the job in the folder from the ledger, and changes nothing when it cannot find it", async () => {
  const { harness, run, workFolder, end } = await detachedRun();
  vi.stubEnv("HOME", join(harness.folder, "second user"));
  await rename(workFolder, `${workFolder}-hidden`);
  const before = await readFile(join(run.paths.folder, "ledger.jsonl"), "utf8");
  const unseeing = await runsIn(harness.home).attach(run.id);
  await expect(unseeing.result).rejects.toMatchObject({
    code: "NOT_READY",
    message: expect.stringContaining("this user cannot see it"),
  });
  expect(await readFile(join(run.paths.folder, "ledger.jsonl"), "utf8")).toBe(before);
  expect((await runsIn(harness.home).runs())[0]).toMatchObject({ state: "detached" });
  await rename(`${workFolder}-hidden`, workFolder);
  const again = await runsIn(harness.home).attach(run.id);
  await end();
  expect((await again.result).outcome).toBe("completed");
  expect(await readFile(join(harness.out, "best.model"), "utf8")).toBe("whole end\n");
});

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createUnitrain } from "@unitrain/core";
import { defineBorrowedProvider } from "@unitrain/core/spec";
import { childExecutor, posixTransport } from "@unitrain/transport-posix";
import { expect, onTestFinished, test } from "vitest";
import { collectEvents, joinLog } from "../engine/engine-harness.ts";
import { shellFramework } from "../local/shell-framework.ts";
import { sbatch } from "./sbatch-launcher.ts";
import { useSlurm } from "./use-slurm.ts";

useSlurm();

/** A login node, and a launcher that sends jobs to the cluster behind it. */
function cluster(workFolder: string, options: readonly string[]) {
  return defineBorrowedProvider({
    name: "cluster",
    machine: { connectionKind: "local" },
    offer: { machine: "a login node" },
    defaultTransport: () =>
      posixTransport({
        name: "cluster",
        supports: ["local"],
        connect: async () => childExecutor("sh", ["-c"]),
        launchers: [sbatch({ options, pollSeconds: 0 })],
        workFolder,
      }),
  });
}

test("a run is uploaded, queued, followed and downloaded", async () => {
  const folder = await mkdtemp("/tmp/ut-cluster-");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const unitrain = createUnitrain({
    home: join(folder, "home"),
    provider: cluster(join(folder, "work folder"), ["--begin=now+5"]),
    framework: shellFramework({
      script: `echo "on $SLURMD_NODENAME"; cat "$dataset/data.txt"; echo 1 >"$output/epochs.txt"
printf 'a model, end\\n' >"$output/best.model"`,
    }),
  });
  const run = await unitrain.start(await unitrain.plan({ data: folder, out: join(folder, "out") }));
  const events = await collectEvents(run);
  const { outcome } = await run.result;
  expect(outcome).toBe("completed");
  expect(joinLog(events)).toMatch(/^on n[12]\none file\n$/);
  const messages = events.flatMap((event) => (event.type === "status" ? [event.message] : []));
  expect(messages).toContain("waiting: in the queue of slurm (BeginTime)");
  expect(await readFile(join(run.paths.out, "best.model"), "utf8")).toBe("a model, end\n");
});

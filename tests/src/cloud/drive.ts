// A client or a guardian in its own process: `drive.ts start|guard|gc|pull FOLDER URL SINCE TIMES SCRIPT BUDGET`. The key is in its environment.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createUnitrain, openRuns, type RunsOptions, systemPorts } from "@unitrain/core";
import { type CanopyWaveOptions, canopywave } from "@unitrain/provider-canopywave";
import { ssh } from "@unitrain/transport-ssh";
import { shellFramework } from "../local/shell-framework.ts";
import { fastClock } from "./fast-clock.ts";

const [word = "", folder = "", baseUrl = "", since = "0", times = "1", script = "", budget = ""] =
  process.argv.slice(2);
/** A secret of the training, for the tests that set it. */
const { UNITRAIN_CANARY_TOKEN } = process.env;
const secrets = UNITRAIN_CANARY_TOKEN === undefined ? {} : { UNITRAIN_CANARY_TOKEN };
const clock = times === "1" ? systemPorts.clock : fastClock(Number(since), Number(times));
const rented = (options: CanopyWaveOptions) => canopywave({ ...options, now: clock.now });
const shared: RunsOptions = {
  home: join(folder, "home"),
  ports: { clock },
  guardian: [
    process.execPath,
    "--conditions=@unitrain/source",
    fileURLToPath(import.meta.url),
    ...["guard", folder, baseUrl, since, times],
  ],
  load: (module) =>
    module === "@unitrain/provider-canopywave" ? Promise.resolve({ canopywave: rented }) : import(module),
};

if (word === "guard") {
  console.log(`guardian ${process.pid}`);
  await openRuns(shared).guard({ showStatus: (message) => console.log(message), idleMs: 1_000 });
} else if (word === "pull") {
  const run = await openRuns(shared).attach();
  console.log(run.role, (await run.pull()).map(({ path }) => path).join());
  await run.detach();
} else if (word === "gc") {
  const trainings = script === "finish" ? ("finish" as const) : ("download" as const);
  console.log(JSON.stringify(await openRuns(shared).gc({ trainings })));
} else {
  const unitrain = createUnitrain({
    ...shared,
    provider: rented({ baseUrl, gpus: 0, pollMs: 100 }),
    transport: ssh(),
    framework: shellFramework({ script }),
  });
  const plan = await unitrain.plan({
    data: folder,
    out: join(folder, "out"),
    budgetUsd: Number(budget),
    secrets: Object.keys(secrets),
  });
  console.log(`limit ${plan.limit?.seconds}`);
  const run = await unitrain.start(plan, { secrets });
  for await (const event of run.events) {
    if (event.type === "job") console.log(`job ${event.state}`);
    if (event.type === "guardian") console.log(`guardian ${event.state} ${event.detail}`);
    if (event.type === "warning") console.log(`warning ${event.message}`);
  }
  console.log((await run.result).outcome);
}

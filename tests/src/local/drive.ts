// A client in its own process, for tests that kill it: `drive.ts start FOLDER SCRIPT` or `drive.ts attach FOLDER`.
import { join } from "node:path";
import { createUnitrain, openRuns } from "@unitrain/core";
import { local } from "@unitrain/provider-local";
import { shellFramework } from "./shell-framework.ts";

const [word = "", folder = "", script = ""] = process.argv.slice(2);
const home = join(folder, "home");

const run = word === "start" ? await start() : await openRuns({ home }).attach();
console.log(`${run.role} ${run.name}`);
for await (const event of run.events) if (event.type === "job") console.log(`job ${event.state}`);
console.log((await run.result).outcome);

async function start() {
  const provider = local({ workFolder: join(folder, "work folder") });
  const unitrain = createUnitrain({ home, provider, framework: shellFramework({ script }) });
  return unitrain.start(await unitrain.plan({ data: folder, out: join(folder, "out") }));
}

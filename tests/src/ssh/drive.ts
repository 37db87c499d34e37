// A client in its own process, for tests that kill it: `drive.ts start FOLDER SCRIPT MACHINE SSH`.
import { join } from "node:path";
import { createUnitrain } from "@unitrain/core";
import { sshMachine } from "@unitrain/provider-ssh";
import { ssh } from "@unitrain/transport-ssh";
import { shellFramework } from "../local/shell-framework.ts";

const [, folder = "", script = "", machine = "", options = ""] = process.argv.slice(2);
const unitrain = createUnitrain({
  home: join(folder, "home"),
  provider: sshMachine(JSON.parse(machine)),
  transport: ssh(JSON.parse(options)),
  framework: shellFramework({ script }),
});
const run = await unitrain.start(await unitrain.plan({ data: folder, out: join(folder, "out") }));
console.log(`${run.role} ${run.name}`);
for await (const event of run.events) if (event.type === "job") console.log(`job ${event.state}`);
console.log((await run.result).outcome);

// A process that prints everything it sees of a run: `drive.ts start|attach <JSON>`. Secrets are in its environment.
import { join } from "node:path";
import { inspect } from "node:util";
import { createUnitrain, openRuns, type Run } from "@unitrain/core";
import { sshMachine } from "@unitrain/provider-ssh";
import { ssh } from "@unitrain/transport-ssh";
import { shellFramework } from "../local/shell-framework.ts";

const [word = "", input = "{}"] = process.argv.slice(2);
const { folder, script, machine, options } = JSON.parse(input);
const { TOKEN } = process.env;
const home = join(folder, "home");
const secrets = TOKEN === undefined ? {} : { TOKEN };
const print = (value: unknown) => console.log(inspect(value, { depth: 20, showHidden: true }));

try {
  const run = await (word === "start" ? start() : openRuns({ home }).attach(undefined, { secrets }));
  await show(run);
} catch (error) {
  print(error);
}

async function start(): Promise<Run> {
  const unitrain = createUnitrain({
    home,
    provider: sshMachine(machine),
    transport: ssh(options),
    framework: shellFramework({ script }),
  });
  const setup = ['env; printf "%s" "$TOKEN" | base64; echo "machine example.com password $TOKEN"'];
  const plan = await unitrain.plan({ data: folder, out: join(folder, "out"), setup, secrets: ["TOKEN"] });
  print(plan);
  return unitrain.start(plan, { secrets });
}

async function show(run: Run): Promise<void> {
  for await (const event of run.events) {
    console.log(JSON.stringify(event));
    if (event.type === "job") console.log(`the job has ${event.state}`);
    if (event.type === "warning" && event.withheldFor !== undefined) console.log("the output is withheld");
  }
  await run.result.then(print, print);
  console.log("it is over");
}

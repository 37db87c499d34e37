// A client in its own process: `train.ts HOME DATA PROJECT "key=value …" MACHINE SSH`.
import { createUnitrain } from "@unitrain/core";
import { parseOptions, yolo } from "@unitrain/framework-yolo";
import { sshMachine } from "@unitrain/provider-ssh";
import { ssh } from "@unitrain/transport-ssh";

const [home = "", data = "", project = "", words = "", machine = "", options = ""] = process.argv.slice(2);
const unitrain = createUnitrain({
  home,
  provider: sshMachine(JSON.parse(machine)),
  transport: ssh(JSON.parse(options)),
  framework: yolo({ ...parseOptions(words.split(" ")), project, name: "first" }),
});
const { UNITRAIN_CANARY_TOKEN } = process.env;
const secrets = UNITRAIN_CANARY_TOKEN === undefined ? {} : { UNITRAIN_CANARY_TOKEN };
const run = await unitrain.start(await unitrain.plan({ data, secrets: Object.keys(secrets) }), { secrets });
for await (const event of run.events) {
  if (event.type === "progress" && event.complete) console.log(`epoch ${event.done} complete`);
}
console.log((await run.result).outcome);

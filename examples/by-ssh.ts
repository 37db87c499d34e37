import { createUnitrain, openRuns } from "@unitrain/core";
import { parseOptions, yolo } from "@unitrain/framework-yolo";
import { sshMachine } from "@unitrain/provider-ssh";
import { ssh } from "@unitrain/transport-ssh";

// An alias of ~/.ssh/config or ssh://user@host, a folder, then options as YOLO has them.
const [machine = "gpu-box", data = "./pallets", ...words] = process.argv.slice(2);

const unitrain = createUnitrain({
  provider: sshMachine(machine), // never torn down: the run is only cleaned up
  transport: ssh(), // your keys, agent and ~/.ssh/config, as with ssh
  framework: yolo({ model: "yolo11n.pt", epochs: 50, ...parseOptions(words) }),
});
const started = await unitrain.start(await unitrain.plan({ data }));
for await (const event of started.events) if (event.type === "job" && event.state === "started") break;
await started.detach(); // it trains on, whatever becomes of this program

// From any other process, hours later: adapters are made again from what the plan names.
const run = await openRuns().attach(started.name);
const { artifacts, receipt } = await run.result;
console.log(receipt.outcome, artifacts.find(({ role }) => role === "model")?.localPath);

import { createUnitrain, openRuns } from "@unitrain/core";
import { parseOptions, yolo } from "@unitrain/framework-yolo";
import { sshMachine } from "@unitrain/provider-ssh";
import { ssh } from "@unitrain/transport-ssh";

// Arguments: an alias of ~/.ssh/config or ssh://user@host, a dataset, then options as in `yolo train`.
const [machine = "gpu-box", data = "./pallets", ...words] = process.argv.slice(2);

const unitrain = createUnitrain({
  provider: sshMachine(machine), // your own machine: it is cleaned up, never terminated
  transport: ssh(), // uses your keys, agent and ~/.ssh/config, as ssh does
  framework: yolo({ model: "yolo11n.pt", epochs: 50, ...parseOptions(words) }),
});
const started = await unitrain.start(await unitrain.plan({ data }));
for await (const event of started.events) if (event.type === "job" && event.state === "started") break;
await started.detach(); // the training continues after this program ends

// Later, from any process: the adapters are created again from the plan.
const run = await openRuns().attach(started.name);
const { artifacts, receipt } = await run.result;
console.log(receipt.outcome, artifacts.find(({ role }) => role === "model")?.localPath);

import { createUnitrain } from "@unitrain/core";
import { parseOptions, yolo } from "@unitrain/framework-yolo";
import { canopywave } from "@unitrain/provider-canopywave";
import { ssh } from "@unitrain/transport-ssh";

// Arguments: a dataset, then options as in `yolo train`. The API key is read from CANOPYWAVE_API_KEY at the first call.
const [data = "./pallets", ...words] = process.argv.slice(2);

const unitrain = createUnitrain({
  provider: canopywave({ gpu: "H100", maxUsdPerHour: 3 }),
  transport: ssh(), // generates a key for each machine
  framework: yolo({ model: "yolo11n.pt", epochs: 50, ...parseOptions(words) }),
});
const plan = await unitrain.plan({ data, budgetUsd: 8 }); // total budget; rejected when it cannot be enough
console.log(plan.quote.machine, plan.prediction?.costUsd, plan.limit, plan.prediction?.unknown);

if (process.env.RENT === "yes") {
  const run = await unitrain.start(plan);
  for await (const event of run.events) {
    if (event.type === "progress" && event.complete)
      console.log(event.done, event.metrics, event.secondsLeft);
  }
  const { receipt } = await run.result;
  console.log(receipt.outcome, receipt.lease.costUsd, receipt.lease.proofs);
}

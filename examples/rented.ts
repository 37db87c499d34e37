import { createUnitrain } from "@unitrain/core";
import { parseOptions, yolo } from "@unitrain/framework-yolo";
import { canopywave } from "@unitrain/provider-canopywave";
import { ssh } from "@unitrain/transport-ssh";

// A folder, then options as YOLO has them. The key is CANOPYWAVE_API_KEY, read at the first call.
const [data = "./pallets", ...words] = process.argv.slice(2);

const unitrain = createUnitrain({
  provider: canopywave({ gpu: "H100", maxUsdPerHour: 3 }),
  transport: ssh(), // a key of its own for each machine
  framework: yolo({ model: "yolo11n.pt", epochs: 50, ...parseOptions(words) }),
});
const plan = await unitrain.plan({ data, budgetUsd: 8 }); // in all; refused when it cannot be enough
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

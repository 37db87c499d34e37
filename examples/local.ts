import { createUnitrain } from "@unitrain/core";
import { parseOptions, yolo } from "@unitrain/framework-yolo";
import { local } from "@unitrain/provider-local";

const [data = "./pallets", ...words] = process.argv.slice(2); // a dataset, then options as in `yolo train`: epochs=3

const unitrain = createUnitrain({
  provider: local(), // this computer; it includes its own transport
  framework: yolo({ model: "yolo11n.pt", epochs: 50, ...parseOptions(words) }),
});
const plan = await unitrain.plan({ data }); // checks and prices the run, spends nothing
await using run = await unitrain.start(plan); // leaving the scope stops the run and releases everything
for await (const event of run.events) {
  if (event.type === "progress" && event.complete) console.log(event.done, event.metrics);
}
const { artifacts, receipt } = await run.result;
console.log(receipt.outcome, artifacts.find(({ role }) => role === "model")?.localPath);

// `await using` needs Node 24 or a build step. The equivalent for Node 22:
//
//   const run = await unitrain.start(plan);
//   try {
//     …
//   } finally {
//     await run[Symbol.asyncDispose]();
//   }

import { createUnitrain } from "@unitrain/core";
import { parseOptions, yolo } from "@unitrain/framework-yolo";
import { local } from "@unitrain/provider-local";

const [data = "./pallets", ...words] = process.argv.slice(2); // a folder, then options as YOLO has them: epochs=3

const unitrain = createUnitrain({
  provider: local(), // this computer; it brings its own transport
  framework: yolo({ model: "yolo11n.pt", epochs: 50, ...parseOptions(words) }),
});
const plan = await unitrain.plan({ data }); // checked and priced, nothing spent
await using run = await unitrain.start(plan); // leaving the scope ends the run and releases everything
for await (const event of run.events) {
  if (event.type === "progress" && event.complete) console.log(event.done, event.metrics);
}
const { artifacts, receipt } = await run.result;
console.log(receipt.outcome, artifacts.find(({ role }) => role === "model")?.localPath);

// `await using` needs Node 24 or a build step. On Node 22 the same is:
//
//   const run = await unitrain.start(plan);
//   try {
//     …
//   } finally {
//     await run[Symbol.asyncDispose]();
//   }

// A client of its own process: `train.ts HOME WORK_FOLDER DATA OUT "key=value …"`.
import { createUnitrain } from "@unitrain/core";
import { parseOptions, yolo } from "@unitrain/framework-yolo";
import { local } from "@unitrain/provider-local";

const [home = "", workFolder = "", data = "", out = "", words = ""] = process.argv.slice(2);
const unitrain = createUnitrain({
  home,
  provider: local({ workFolder }),
  framework: yolo(parseOptions(words.split(" "))),
});
const run = await unitrain.start(await unitrain.plan({ data, out }));
for await (const event of run.events) {
  if (event.type === "progress" && event.complete) console.log(`epoch ${event.done} complete`);
}
console.log((await run.result).outcome);

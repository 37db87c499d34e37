import { writeFileSync } from "node:fs";
import { main } from "../src/main.ts";
import { runAsProcess } from "../src/program/process.ts";
import { createProcessContext } from "../src/program/process-context.ts";
import { createBeginning, createEnding, createEpochs, examplePlan } from "./event-script.ts";
import { createRentedBeginning, rentedPlan, rentedReceipt } from "./rented.ts";
import { createScriptedEngine } from "./scripted-engine.ts";

// The real program in a real process, with a training that is only told: pauses in milliseconds are given by the environment.
const beginningMs = Number(process.env.STORY_BEGINNING_MS ?? 20);
const batchMs = Number(process.env.STORY_BATCH_MS ?? 20);
const rented = process.env.STORY_RENTED === "1";
const { engine, calls } = createScriptedEngine({
  plan: {
    ...(rented ? rentedPlan : examplePlan),
    secrets: (process.env.STORY_SECRETS ?? "").split(",").filter(Boolean),
  },
  planMs: Number(process.env.STORY_PLAN_MS ?? 0),
  eventScript: [
    ...(rented ? createRentedBeginning(beginningMs) : createBeginning(beginningMs)),
    ...createEpochs(1, 12, 12, batchMs),
    ...createEnding(rented ? rentedReceipt : undefined, Number(process.env.STORY_DOWNLOAD_MS ?? 0)),
  ],
  ...(process.env.STORY_STOP_HANGS === "1" ? { stopHangs: true } : {}),
});
process.on("exit", () => {
  if (process.env.STORY_ASKED !== undefined) writeFileSync(process.env.STORY_ASKED, calls.join(", "));
});
if (process.env.STORY_REJECT === "1") setTimeout(() => Promise.reject(new Error("nobody caught this")), 10);
if (process.env.STORY_WARN === "1") {
  process.nextTick(() => process.emitWarning("node:sqlite is experimental", "ExperimentalWarning"));
  process.nextTick(() => process.emitWarning("this is worth knowing"));
}
await runAsProcess(main, {
  ...createProcessContext(),
  folder: process.env.STORY_FOLDER ?? "/project",
  engine: async () => engine,
});

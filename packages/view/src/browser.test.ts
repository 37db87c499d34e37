import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { exampleReceipt, numberEvents } from "../test/events.ts";

it("runs in bare JavaScript, without Node and without a DOM", async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./index.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "view",
    // An import of a Node module cannot be resolved, and fails the build.
    platform: "browser",
    conditions: ["@unitrain/source"],
    logLevel: "silent",
  });
  const events = numberEvents([
    { type: "phase", phase: "ship", state: "started" },
    { type: "finished", outcome: "completed", receipt: exampleReceipt },
  ]);
  const script = `${outputFiles[0]?.text}
    const run = view.createRunView();
    const lines = view.createEventLines();
    for (const event of lines.push(${JSON.stringify(events.map((event) => `${JSON.stringify(event)}\n`).join(""))})) view.applyEvent(run, event);
    [run.finished.outcome, view.formatBytes(6234567), view.listPhases(run, run.finished.receipt).length].join();`;
  expect(runInContext(script, createContext({}))).toBe("completed,6.2 MB,4");
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createLifetime,
  killablePorts,
  memoryCloud,
  memoryFramework,
  memoryProvider,
  memoryTransport,
  virtualClock,
} from "@unitrain/conformance";
import { createUnitrain } from "@unitrain/core";
import { teamRules } from "./plugin.ts";

// A cloud, a machine and a training that exist only in memory. Its clock is virtual, so an hour takes a moment.
const clock = virtualClock();
const cloud = memoryCloud(clock);
cloud.training.log = `images of customer-4711\n${cloud.training.log}`;

const folder = await mkdtemp(join(tmpdir(), "first-plugin-"));
const unitrain = createUnitrain({
  home: join(folder, "state"),
  guardian: false,
  ports: killablePorts(createLifetime(), clock),
  provider: memoryProvider(cloud),
  transport: memoryTransport(cloud),
  framework: memoryFramework(cloud),
  plugins: [teamRules({ team: "robotics" })],
});
const plan = await unitrain.plan({ data: ".", out: join(folder, "results") });
const run = await unitrain.start(plan);
for await (const event of run.events) {
  if (event.type === "log" && event.text.includes("images of")) console.log("log:", event.text.trim());
}
const { outcome } = await run.result;
const training = [...cloud.jobs.values()].find(({ env }) => "TEAM" in env);
console.log("outcome:", outcome);
console.log("TEAM on the machine:", training?.env.TEAM);
await rm(folder, { recursive: true });

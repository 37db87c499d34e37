import { openRuns } from "./runs/open-runs.ts";
import { toPlainLine } from "./spec/index.ts";

// The guardian process that `startDetached` starts. It guards the state folder `UNITRAIN_HOME` and inherits API keys from its
// environment.
process.on("SIGHUP", () => {});
const showStatus = (message: string) => console.log(`${new Date().toISOString()} ${toPlainLine(message)}`);
await openRuns().guard({ ownProcess: true, showStatus });

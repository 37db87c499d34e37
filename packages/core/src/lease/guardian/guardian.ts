import { openRuns } from "../../runs/open-runs.ts";

// The process that `startDetached` starts. `UNITRAIN_HOME` says of which state folder; keys come from the environment it inherited.
process.on("SIGHUP", () => {});
const showStatus = (message: string) => console.log(`${new Date().toISOString()} ${message}`);
await openRuns().guard({ ownProcess: true, showStatus });

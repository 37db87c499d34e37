import { openRuns } from "../open-runs.ts";

// The process that `startDetached` starts. `UNITRAIN_HOME` says of which state folder; keys come from the environment it inherited.
process.on("SIGHUP", () => {});
await openRuns().guard({ say: (message) => console.log(`${new Date().toISOString()} ${message}`) });

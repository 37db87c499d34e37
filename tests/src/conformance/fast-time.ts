// Preloaded into a program with `--import`: its clock runs faster, by the factor and since the moment in UNITRAIN_FAST_TIME.
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

const [since = 0, times = 1] = (process.env.UNITRAIN_FAST_TIME ?? "").split(",").map(Number);
const { now } = Date;
const { setTimeout: sleep } = timers;
Date.now = () => since + (now() - since) * times;
timers.setTimeout = (ms = 0, ...rest) => sleep(ms / times, ...rest);
syncBuiltinESMExports();

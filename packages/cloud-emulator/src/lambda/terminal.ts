import { describeCloud } from "../terminal/terminal-cloud.ts";
import { startEmulator } from "./emulator.ts";
import { faults } from "./faults/table.ts";

/** Lambda's cloud, as the terminal starts it. */
export const lambda = describeCloud({
  name: "lambda",
  title: "Lambda",
  faults,
  // Observed by others on the real cloud: 3 to 8 minutes from launch until the login works.
  realBoot: {
    buildMs: 240_000,
    activeToSshMs: 5_000,
    silentMs: 1_000,
    bootingUpMs: 4_000,
    terminateMs: 60_000,
  },
  start: startEmulator,
});

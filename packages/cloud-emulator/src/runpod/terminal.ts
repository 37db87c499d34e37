import { describeCloud } from "../terminal/terminal-cloud.ts";
import { startEmulator } from "./emulator.ts";
import { faults } from "./faults/table.ts";

/** RunPod, as the terminal starts it. */
export const runpod = describeCloud({
  name: "runpod",
  title: "RunPod",
  faults,
  // A guess: an image of some GB has to be downloaded.
  realBoot: { buildMs: 90_000, activeToSshMs: 10_000, silentMs: 0, bootingUpMs: 0, terminateMs: 5_000 },
  start: startEmulator,
});

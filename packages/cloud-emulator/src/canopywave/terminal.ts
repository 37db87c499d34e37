import { describeCloud } from "../terminal/terminal-cloud.ts";
import { startEmulator } from "./emulator.ts";
import { faults } from "./faults/table.ts";

/** CanopyWave, as the terminal starts it. */
export const canopywave = describeCloud({
  name: "canopywave",
  title: "CanopyWave",
  faults,
  // Observed on the real cloud: 1 to 3 minutes until ACTIVE, 5 to 60 seconds until sshd.
  realBoot: {
    buildMs: 90_000,
    activeToSshMs: 15_000,
    silentMs: 3_000,
    bootingUpMs: 7_000,
    terminateMs: 15_000,
  },
  start: startEmulator,
});

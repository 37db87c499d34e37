import { startEmulator } from "../src/canopywave/emulator.ts";
import type { FaultOrder } from "../src/canopywave/faults/plan.ts";
import type { EmulatorOptions } from "../src/canopywave/options.ts";

/** The request of a test: an emulator in its own process, which can be killed, as this or as another user. */
export interface Drive {
  readonly uid?: number;
  readonly options: EmulatorOptions;
  readonly faults: readonly FaultOrder[];
}

const { uid, options, faults } = JSON.parse(process.argv[2] ?? "") as Drive;
// All modules are loaded by now, so the other user need not be able to read them.
if (uid !== undefined) {
  process.setgroups?.([]);
  process.setgid?.(uid);
  process.setuid?.(uid);
}
const emulator = await startEmulator(options);
for (const order of faults) emulator.inject(order);
process.stdout.write(
  `${JSON.stringify({ url: emulator.url, apiKey: emulator.apiKey, ssh: emulator.ssh })}\n`,
);
process.stdin.resume().once("end", async () => {
  await emulator.close();
  process.exit(0);
});

import { expect, test } from "vitest";
import { killUnreadable } from "./unreadable-kill.ts";

test("killed at every request and ledger write, with a CanopyWave that cannot be read from then on: gc terminates all the same", async () => {
  expect(await killUnreadable((step) => /^(?:request|ledger) /.test(step))).toBeGreaterThan(20);
}, 600_000);

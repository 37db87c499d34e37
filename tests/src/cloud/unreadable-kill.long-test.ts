import { expect, test } from "vitest";
import { killUnreadable } from "./unreadable-kill.ts";

test("killed at every ledger write, with a CanopyWave that cannot be read from then on: gc terminates all the same", async () => {
  expect(await killUnreadable((step) => /^ledger /.test(step))).toBeGreaterThan(10);
}, 600_000);

import { expect, test } from "vitest";
import { killUnreadable } from "./unreadable-kill.ts";

test("gc terminates the instance when the client was killed at any ledger write and CanopyWave cannot be read since", async () => {
  expect(await killUnreadable((step) => /^ledger /.test(step))).toBeGreaterThan(10);
}, 600_000);

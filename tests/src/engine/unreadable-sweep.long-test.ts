import { test } from "vitest";
import { sweepUnreadable } from "./unreadable-sweep.ts";

test("killed at any step, with nothing that can be read from then on: gc terminates all the same", async () => {
  await sweepUnreadable(1);
}, 300_000);

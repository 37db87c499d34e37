import { test } from "vitest";
import { sweepUnreadable } from "./unreadable-sweep.ts";

test("killed at every tenth step, with nothing that can be read from then on: gc terminates all the same", async () => {
  await sweepUnreadable(10);
}, 120_000);

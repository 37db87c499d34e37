import { test } from "vitest";
import { sweepUnreadable } from "./unreadable-sweep.ts";

test("gc terminates after a kill at any step when nothing can be read since", async () => {
  await sweepUnreadable(1);
}, 300_000);

import { test } from "vitest";
import { sweepUnreadable } from "./unreadable-sweep.ts";

test("gc terminates after a kill at every tenth step when nothing can be read since", async () => {
  await sweepUnreadable(10);
}, 120_000);

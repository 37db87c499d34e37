import { test } from "vitest";
import { killAgainAndAgain } from "./kill-again-and-again.ts";

test(
  "shows each line once after the client was killed with -9 at 40 random moments",
  {
    timeout: 240_000,
  },
  () => killAgainAndAgain(40),
);

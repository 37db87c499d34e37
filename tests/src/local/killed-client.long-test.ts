import { test } from "vitest";
import { killAgainAndAgain } from "./kill-again-and-again.ts";

test(
  "a client killed with -9 at 40 random moments while the job prints: each line once",
  {
    timeout: 240_000,
  },
  () => killAgainAndAgain(40),
);

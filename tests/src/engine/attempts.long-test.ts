import { test } from "vitest";
import { killBetweenAttempts } from "./attempts.ts";

test("a process killed at any step between two attempts leaves nothing paid, and one machine is paid at a time", async () => {
  await killBetweenAttempts(1);
}, 300_000);

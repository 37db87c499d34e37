import { test } from "vitest";
import { killBetweenAttempts } from "./attempts.ts";

test("killed at every step between two attempts: nothing stays paid, and one machine is paid at a time", async () => {
  await killBetweenAttempts(1);
}, 300_000);

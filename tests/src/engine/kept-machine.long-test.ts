import { test } from "vitest";
import { killWhileTaking } from "./kept-machine.ts";

test("killed at every step of a run that takes a kept machine: it is rented once, and nothing stays paid", async () => {
  await killWhileTaking(1);
}, 300_000);

import { test } from "vitest";
import { killWhileTaking } from "./kept-machine.ts";

test("a process killed at any step of a run on a kept machine leaves nothing paid, and the machine is rented once", async () => {
  await killWhileTaking(1);
}, 300_000);

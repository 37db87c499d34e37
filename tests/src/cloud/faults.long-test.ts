import { expect, test } from "vitest";
import { sideBySide } from "../engine/side-by-side.ts";
import { runWithFaults } from "./faults.ts";

test("200 more runs in which one request in five fails leave nothing behind", async () => {
  const endings = new Map<string, number>();
  await sideBySide(
    Array.from({ length: 200 }, (_, seed) => seed + 1_000),
    async (seed) => {
      const ending = await runWithFaults(seed);
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
    },
  );
  expect(endings.get("completed")).toBeGreaterThan(0);
}, 600_000);

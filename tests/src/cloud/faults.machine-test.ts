import { expect, test } from "vitest";
import { sideBySide } from "../engine/side-by-side.ts";
import { runWithFaults } from "./faults.ts";

test("40 runs in which one request in five fails leave nothing behind, and some of them complete", async () => {
  const endings: string[] = [];
  await sideBySide(
    Array.from({ length: 40 }, (_, seed) => seed + 1),
    async (seed) => {
      endings.push(await runWithFaults(seed));
    },
  );
  expect(endings).toHaveLength(40);
  expect(endings).toContain("completed");
  // Releases that are unconfirmed after ten minutes of faults are reported and left to gc, which then releases them.
  expect(endings.filter((ending) => ending === "INTERNAL" || ending === "ADAPTER_FAILED")).toEqual([]);
}, 120_000);

import type { FaultName } from "@unitrain/cloud-emulator/lambda";
import { describe, expect, it } from "vitest";
import { surviveDeath, surviveFaults } from "../test/sweep.ts";

describe("nothing remains rented, whatever happens", () => {
  it.for(Array.from({ length: 200 }, (_, index) => index + 1_001))("random faults, seed %i", surviveFaults);

  it.for<FaultName>([
    "launch-insufficient-capacity",
    "launch-listed-late",
    "launch-500-created",
    "launch-answer-lost",
    "key-answer-lost",
    "terminate-answer-lost",
    "terminate-fails",
    "terminate-ignored",
  ])("after %s, killed before or after any request", { timeout: 120_000 }, async (fault) => {
    for (const when of ["before", "after"] as const) {
      let requests = 0;
      while (await surviveDeath(requests + 1, when, fault)) requests += 1;
      expect(requests).toBeGreaterThan(9);
    }
  });
});

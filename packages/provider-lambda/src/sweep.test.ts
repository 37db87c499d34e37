import { describe, expect, it } from "vitest";
import { surviveDeath, surviveFaults } from "../test/sweep.ts";

describe("nothing remains rented, whatever happens", () => {
  it.for(Array.from({ length: 25 }, (_, index) => index + 1))("random faults, seed %i", surviveFaults);

  it.each(["before", "after"] as const)(
    "another process releases everything after a kill %s any request of renting and releasing",
    async (when) => {
      let requests = 0;
      while (await surviveDeath(requests + 1, when, "launch-insufficient-capacity")) requests += 1;
      // Each request was tried.
      expect(requests).toBeGreaterThan(9);
    },
    60_000,
  );
});

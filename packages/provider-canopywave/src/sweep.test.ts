import { describe, expect, it } from "vitest";
import { surviveDeath, surviveFaults } from "../test/sweep.ts";

describe("whatever happens, nothing is left behind", () => {
  it.for(Array.from({ length: 25 }, (_, index) => index + 1))("faults by chance, seed %i", surviveFaults);

  it.each(["before", "after"] as const)(
    "killed %s any request of renting (sold out in the first region) and releasing, another process releases everything",
    async (when) => {
      let requests = 0;
      while (await surviveDeath(requests + 1, when, "launch-flavor-unavailable")) requests += 1;
      // Each one of them was tried.
      expect(requests).toBeGreaterThan(20);
    },
    60_000,
  );
});

import { describe, expect, it } from "vitest";
import { surviveDeath, surviveFaults } from "../test/sweep.ts";

// More seeds, and kills before every request, are in the long test.
describe("nothing remains rented, whatever happens", () => {
  it.for(Array.from({ length: 8 }, (_, index) => index + 12))("random faults, seed %i", surviveFaults);

  it("another process releases everything after a kill after any request of renting and releasing", {
    timeout: 60_000,
  }, async () => {
    let requests = 0;
    while (await surviveDeath(requests + 1, "after")) requests += 1;
    // Each request was tried.
    expect(requests).toBeGreaterThan(9);
  });
});

import { describe, it } from "vitest";
import { surviveFaults } from "./sweep.ts";

describe("whatever happens, nothing is left behind", () => {
  it.for(Array.from({ length: 200 }, (_, index) => index + 1_001))(
    "faults by chance, seed %i",
    surviveFaults,
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedPaths } from "./sorted-paths.ts";

const path = fc
  .array(fc.constantFrom("a", "b", "a-b", "a.b", "é"), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join("/"));

test("SortedPaths finds a conflict whenever comparing all pairs finds one", () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 30 }), (generated) => {
      const paths = [...generated].sort();
      const conflicts = paths.filter((path, at) =>
        paths.some(
          (otherPath, place) => place !== at && (otherPath === path || otherPath.startsWith(`${path}/`)),
        ),
      );
      const sorted = new SortedPaths();
      const found = paths.map((path) => sorted.add(path)).filter((answer) => answer !== undefined);
      expect(found.includes("unsorted")).toBe(false);
      expect(found.length > 0).toBe(conflicts.length > 0);
      for (const answer of found) expect(conflicts).toContain(typeof answer === "object" ? answer.path : "");
    }),
    { seed: 3 },
  );
});

test("SortedPaths reports a list that is not sorted", () => {
  const sorted = new SortedPaths();
  expect(["a", "c", "b"].map((path) => sorted.add(path))).toEqual([undefined, undefined, "unsorted"]);
});

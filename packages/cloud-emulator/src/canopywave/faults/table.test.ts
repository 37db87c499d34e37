import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { callNames } from "../http/call.ts";
import { faultNames, faults } from "./table.ts";

test("docs/emulator.md lists every fault with its exact description", () => {
  const file = path.join(import.meta.dirname, "../../../../../docs/emulator.md");
  // Ignores the padding of the columns.
  const page = readFileSync(file, "utf8").replaceAll(/ +\|/g, " |");
  const rows = faultNames.map((name) => `| \`${name}\` | ${faults[name].description} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  const documented = [...page.matchAll(/^\| `([\w-]+)` \| /gm)].map(([, name]) => name);
  expect(documented.toSorted()).toEqual(faultNames);
});

test("every fault applies to existing calls only", () => {
  for (const name of faultNames) {
    const { calls } = faults[name];
    if (calls !== "any") expect(callNames).toEqual(expect.arrayContaining([...calls]));
  }
});

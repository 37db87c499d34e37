import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import * as canopywave from "../canopywave/faults/table.ts";
import { callNames } from "../canopywave/http/call.ts";
import * as lambda from "../lambda/faults/table.ts";
import * as runpod from "../runpod/faults/table.ts";

test("docs/emulator.md lists every fault of every cloud with its exact description", () => {
  const file = path.join(import.meta.dirname, "../../../../docs/emulator.md");
  // Ignores the padding of the columns.
  const page = readFileSync(file, "utf8").replaceAll(/ +\|/g, " |");
  const faults = [canopywave.faults, lambda.faults, runpod.faults].flatMap((table) => Object.entries(table));
  const rows = faults.map(([name, { description }]) => `| \`${name}\` | ${description} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  const documented = [...page.matchAll(/^\| `([\w-]+)` \| /gm)].map(([, name]) => name);
  expect(documented.toSorted()).toEqual([...new Set(faults.map(([name]) => name))].toSorted());
});

test("every fault applies to existing calls only", () => {
  for (const { calls } of Object.values(canopywave.faults)) {
    if (calls !== "any") expect(callNames).toEqual(expect.arrayContaining([...calls]));
  }
});

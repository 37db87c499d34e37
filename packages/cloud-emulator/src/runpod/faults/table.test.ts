import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { faultNames as namesOfCanopywave } from "../../canopywave/faults/table.ts";
import { callNames } from "../http/call.ts";
import { faultNames, faults } from "./table.ts";

test("docs/emulator.md names every fault that only RunPod has, with its description", () => {
  const page = readFileSync(path.join(import.meta.dirname, "../../../../../docs/emulator.md"), "utf8");
  const own = faultNames.filter((name) => !(namesOfCanopywave as readonly string[]).includes(name));
  expect(own).toHaveLength(11);
  const missing = own.filter((name) => !page.includes(`- \`${name}\`: ${faults[name].description}`));
  expect(missing).toEqual([]);
});

test("every fault applies to existing calls only", () => {
  for (const name of faultNames) {
    const { calls } = faults[name];
    if (calls !== "any") expect(callNames).toEqual(expect.arrayContaining([...calls]));
  }
});

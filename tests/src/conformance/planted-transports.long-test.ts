import { allTransportRules } from "@unitrain/conformance";
import { expect, it } from "vitest";
import { findBrokenRules } from "./planted-transport.ts";
import { plantedTransportBugs } from "./planted-transport-bugs.ts";

it("there is one planted bug for each rule", () => {
  expect(Object.keys(plantedTransportBugs).sort()).toEqual(allTransportRules.map(({ id }) => id).sort());
});

it.concurrent.each(allTransportRules.map(({ id }) => id))(
  "only %s finds its planted bug",
  async (id) => {
    const broken = await findBrokenRules(id, allTransportRules);
    expect(
      broken.map((text) => text.split("\n")[0]),
      broken.join("\n\n"),
    ).toEqual([id]);
  },
  300_000,
);

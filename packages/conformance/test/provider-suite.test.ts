import type { Provider } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { allProviderRules, type ProviderSubject, providerSuite } from "../src/index.ts";
import { createProviderBed } from "../src/provider/testbed.ts";
import { checkRule } from "../src/suite/register.ts";
import { virtualClock } from "../src/virtual-clock.ts";
import { plantedProviderBugs } from "./planted-provider-bugs.ts";
import { createToyCloud, type ToyCloud } from "./toy/toy-cloud.ts";
import { toyProvider } from "./toy/toy-provider.ts";

const createSubject = (create: (cloud: ToyCloud) => Provider): ProviderSubject => {
  const clock = virtualClock();
  const cloud = createToyCloud(clock);
  return {
    provider: create(cloud),
    recreate: () => create(cloud),
    clock,
    secrets: [cloud.key],
    faults: cloud.faults,
    clearFaults: cloud.clearFaults,
    listExisting: cloud.listExisting,
  };
};

providerSuite({ describe, it, name: "the toy cloud", start: () => createSubject(toyProvider) });

it("there is one planted bug for each rule", () => {
  expect(Object.keys(plantedProviderBugs)).toEqual(allProviderRules.map(({ id }) => id));
});

it.concurrent.each(Object.entries(plantedProviderBugs))(
  "only %s finds its planted bug",
  async (id, plant) => {
    const start = () => createProviderBed(createSubject(plant));
    const broken: string[] = [];
    const { abilities, close } = await start();
    await close();
    for (const rule of allProviderRules) {
      if (!rule.needs.every((ability) => abilities.has(ability))) continue;
      await checkRule(rule, start).catch(({ message }: Error) => broken.push(`${rule.id}\n${message}`));
    }
    expect(
      broken.map((text) => text.split("\n")[0]),
      broken.join("\n\n"),
    ).toEqual([id]);
  },
);

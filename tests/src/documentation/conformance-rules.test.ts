import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { allFrameworkRules, allProviderRules, allTransportRules } from "@unitrain/conformance";
import { expect, it } from "vitest";

const path = fileURLToPath(new URL("../../../docs/conformance.md", import.meta.url));
const suites = { Provider: allProviderRules, Transport: allTransportRules, Framework: allFrameworkRules };

it("docs/conformance.md lists the current rules (vitest -u writes them)", async () => {
  const [begin, end] = ["<!-- begin of rules -->", "<!-- end of rules -->"];
  const page = await readFile(path, "utf8");
  const [before, rest = ""] = page.split(begin);
  const sections = Object.entries(suites).map(([name, rules]) => {
    const lines = rules.map(({ id, demand, needs }) => {
      const condition = needs.length === 0 ? "" : ` _Needs ${needs.join(", ")}._`;
      return `- \`${id}\`: ${demand}${condition}`;
    });
    return `### ${name}\n\n${lines.join("\n")}\n`;
  });
  const written = `${before}${begin}\n\n${sections.join("\n")}\n${end}${rest.split(end)[1]}`;
  await expect(written).toMatchFileSnapshot(path);
});

it("each rule has its own id, and one sentence", () => {
  const rules = Object.values(suites).flat();
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { demand } of rules) expect(demand).toMatch(/^[A-Z`][^.]*(?:\.(?! [A-Z])[^.]*)*\.$/);
});

it("docs/conformance.md explains each ability that a rule needs", async () => {
  const [explained = ""] = (await readFile(path, "utf8")).split("## The rules");
  const needed = Object.values(suites)
    .flat()
    .flatMap(({ needs }): readonly string[] => needs);
  expect([...new Set(needed)].filter((ability) => !explained.includes(`| \`${ability}\``))).toEqual([]);
});

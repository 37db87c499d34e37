import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, release } from "node:os";
import { fileURLToPath } from "node:url";
import type { Figures, Quartiles } from "./measure-all.ts";

const file = fileURLToPath(new URL("../RESULTS.md", import.meta.url));

/** One comparison, to be written into `RESULTS.md`. */
export interface Result {
  /** The name of the case, by which its section is found again. */
  readonly name: string;
  readonly title: string;
  readonly figures: readonly Figures[];
  readonly rounds: number;
  readonly bytes: number;
}

/** Prints a table, and replaces the section of this case in `RESULTS.md`. */
export async function writeResult(result: Result): Promise<void> {
  const section = formatSection(result);
  console.log(section);
  const page = await readFile(file, "utf8");
  const [begin, end] = [`<!-- ${result.name} -->`, `<!-- end of ${result.name} -->`];
  const written = `${begin}\n\n${section}\n${end}`;
  const [before, rest] = page.split(`${begin}\n`);
  const after = rest?.split(end)[1];
  await writeFile(
    file,
    after === undefined ? `${page.trimEnd()}\n\n${written}\n` : `${before}${written}${after}`,
  );
}

function formatSection({ name, title, figures, rounds, bytes }: Result): string {
  const rows = figures.map(({ name: contender, seconds, ratio, cpuSeconds }) => [
    contender.replaceAll("|", "\\|"),
    formatQuartiles(seconds, rounds),
    formatQuartiles(ratio, rounds),
    (cpuSeconds / (bytes / 1e9)).toFixed(1),
  ]);
  const table = [["way", "seconds", "relative to unitrain", "client CPU seconds per GB"], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [model = "an unknown processor"] = cpus().map((cpu) => cpu.model.trim());
  const load = loadavg()[0]?.toFixed(1);
  const count = rounds === 0 ? "one run" : `medians of ${rounds} rounds, with quartiles`;
  return `## ${title}

${[lines[0], rule, ...lines.slice(1)].join("\n")}

\`npm run bench -- upload/${name}\`, ${new Date().toISOString().slice(0, 10)}: ${count}. Node ${process.versions.node}, Linux ${release().split("-")[0]},
${availableParallelism()} cores (${model}), load ${load}.
`;
}

function formatQuartiles({ low, median, high }: Quartiles, rounds: number): string {
  return rounds === 0 ? median.toFixed(2) : `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

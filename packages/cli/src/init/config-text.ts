import type { InitSupport } from "@unitrain/core/spec";

/** What `init` was told, or found. */
export interface Choices {
  /** Undefined for the default. */
  readonly framework: string | undefined;
  /** As it is to stand in the file; undefined when none was found or named. */
  readonly data: string | undefined;
  /** Options of the framework, in the order in which they are written. */
  readonly train: Readonly<Record<string, string | number>>;
  readonly on: string;
}

/** The configuration file as `init` writes it: what was chosen, and as comments what else there is. */
export function configText({ framework, data, train, on }: Choices, init: Partial<InitSupport>): string {
  const text = JSON.stringify;
  const { trainComment = "Options of the framework.", optionalOptions = [], optionalLines = [] } = init;
  const trainLines = [
    ...Object.entries({ ...train, ...init.deriveOptions?.(train) }).map(
      ([name, value]) => `${name}: ${text(value)},`,
    ),
    ...optionalOptions.map((line) => `// ${line}`),
  ];
  return `import { defineConfig } from "@unitrain/cli";

// Words and flags on the command line beat what stands here: unitrain train ${exampleWord(train)}--on local
// "unitrain plan" shows which value comes from where.
export default defineConfig({
${framework === undefined ? "" : `  framework: ${text(framework)},\n\n`}  // The dataset: a folder, or the file that describes it.
  ${data === undefined ? 'data: "./my-dataset", // name yours' : `data: ${text(data)},`}

  // The machine: "local", "ssh://user@host:port", an alias of ~/.ssh/config, "canopywave", a package.
  on: ${text(on)},

  // ${trainComment}
  train: {${trainLines.map((line) => `\n    ${line}`).join("")}${trainLines.length === 0 ? "" : "\n  "}},

${optionalLines.map((line) => `  // ${line}\n`).join("")}  // env: { OMP_NUM_THREADS: "4" }, // variables, nothing secret
  // secrets: ["WANDB_API_KEY"], // names only; values are taken from the environment

  // maxHours: 8, // stopped then, and its best model downloaded
  // budget: 10, // dollars in all, on a rented machine
  // out: "./results", // by default runs/<task>/<name>
});
`;
}

/** A number can be doubled: `epochs=100 `. */
function exampleWord(train: Choices["train"]): string {
  const [name, value] = Object.entries(train).find(([, value]) => typeof value === "number") ?? [];
  return name === undefined ? "" : `${name}=${2 * Number(value)} `;
}

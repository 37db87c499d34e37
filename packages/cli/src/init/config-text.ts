import { formatJson, type InitSupport } from "@unitrain/core/spec";

/** The values that `init` writes into the configuration. */
export interface Choices {
  /** The name of the framework; undefined for the default. */
  readonly framework: string | undefined;
  /** The dataset as it is written in the file; undefined if none was found or named. */
  readonly data: string | undefined;
  /** Options of the framework, in the order in which they are written. */
  readonly train: Readonly<Record<string, string | number>>;
  readonly on: string;
}

/** Returns the text of the configuration file: the chosen values, and further settings as comments. */
export function configText({ framework, data, train, on }: Choices, init: Partial<InitSupport>): string {
  // A name with direction marks could make the code look different from what it is.
  const text = (value: string | number) => formatJson(value);
  const { trainComment = "Options of the framework.", optionalOptions = [], optionalLines = [] } = init;
  const trainLines = [
    ...Object.entries({ ...train, ...init.deriveOptions?.(train) }).map(
      ([name, value]) => `${name}: ${text(value)},`,
    ),
    ...optionalOptions.map((line) => `// ${line}`),
  ];
  return `import { defineConfig } from "@unitrain/cli";

// Words and flags on the command line override this file: unitrain train ${exampleWord(train)}--on local
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

  // maxHours: 8, // the training is then stopped, and its best model downloaded
  // budget: 10, // dollars in total, on a rented machine
  // out: "./results", // by default runs/<task>/<name>
});
`;
}

/** Returns an example of an option on the command line, such as `epochs=100 `: twice the first number. */
function exampleWord(train: Choices["train"]): string {
  const [name, value] = Object.entries(train).find(([, value]) => typeof value === "number") ?? [];
  return name === undefined ? "" : `${name}=${2 * Number(value)} `;
}

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type DataSource, defineFramework, type FrameworkCommandLine } from "@unitrain/core/spec";

/** What it is on the command line: its options, a flag that can be configured too, and an example for the help. */
export const commandLine: FrameworkCommandLine = {
  options: [
    {
      name: "rounds",
      kind: "positive-integer",
      default: "3",
      help: "how often to guess",
      otherNames: ["epochs"],
    },
  ],
  settings: [
    {
      ...{
        name: "firstGuess",
        flag: "first-guess",
        configKey: "firstGuess",
        kind: "positive-number",
        placeholder: "<words>",
      },
      ...{ help: "where to begin", default: "1", group: "Training", commands: ["plan", "train"] },
    },
  ],
  examples: [["unitrain train ./texts rounds=5 --framework ./framework.ts", "guess five times"]],
};

/** Learns how many words the texts of a folder have: a shell command that halves its error each round and writes its guess. */
const train = `words=$(cat "$1"/*.txt | wc -w); guess=$3; round=1
while [ $round -le $2 ]; do
  guess=$(( (guess + words + 1) / 2 )); error=$(( words > guess ? words - guess : guess - words ))
  echo "round $round/$2 error=$error guess=$guess"; echo "$guess" > "$4/words.model"; round=$((round + 1))
done`;

export function framework({ rounds = 3, firstGuess = 1 }: { rounds?: number; firstGuess?: number }) {
  const nothing = { argv: ["true"] };
  return defineFramework({
    name: "words",
    diskBytes: 1_000_000,
    describe: () => ({
      job: `count words, rounds=${rounds}`,
      folder: "runs/words",
      settings: [{ name: "rounds", value: rounds, isExplicit: true }],
      metrics: {
        columns: [
          { key: "error", label: "error", role: "score" },
          { key: "guess", label: "guess", role: "detail" },
        ],
        deciding: { key: "error", better: "lower" },
      },
    }),
    check: async (source) => {
      const texts = await findTexts(source);
      return {
        manifest: {
          entries: async function* () {
            yield texts;
          },
        },
        summary: `${texts.length} texts`,
        findings: [],
      };
    },
    environment: ({ environmentsFolder }) => ({
      ...{
        key: "none",
        folder: join(environmentsFolder, "none"),
        checkCommand: nothing,
        install: nothing,
        verify: nothing,
      },
    }),
    job: ({ jobId, dataset, output, scratch }) => ({
      ...{
        id: jobId,
        cwd: scratch,
        env: {},
        secrets: [],
        watch: [],
        needs: { gpus: 0 },
        title: `count words ${rounds} times`,
      },
      argv: ["sh", "-c", train, "train", dataset, String(rounds), String(firstGuess), output],
    }),
    progress: () => ({
      text: (lines) =>
        [...lines.matchAll(/^round (\d+)\/(\d+) error=(\d+) guess=(\d+)$/gm)].map(
          ([, done, total, error, guess]) => ({
            ...{ unit: "epoch", done: Number(done), total: Number(total), complete: true },
            metrics: { error: Number(error), guess: Number(guess) },
          }),
        ),
      file: () => [],
    }),
    artifacts: {
      locate: async ({ root, files }) => files.filter(({ path }) => path === join(root, "words.model")),
      ...{ search: ["*.model"], rank: (files) => files, alternatives: () => [], extraFiles: [] },
      isComplete: async (path) => (await readFile(path, "utf8")).endsWith("\n"),
      hint: "Train for at least one round.",
    },
  });
}

async function findTexts(source: DataSource) {
  const folder = source.kind === "local" ? source.path : ".";
  const names = (await readdir(folder)).filter((name) => name.endsWith(".txt")).sort();
  const paths = names.map((path) => ({ path, file: join(folder, path) }));
  return Promise.all(
    paths.map(async ({ path, file }) => ({ path, from: { file }, sizeBytes: (await stat(file)).size })),
  );
}

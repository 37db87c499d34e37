import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type DataSource, defineFramework, type FrameworkCommandLine } from "@unitrain/core/spec";

// Learns how many words the texts of a folder have: a shell command that guesses, and is half as wrong each round.
const training = `words=$(cat "$1"/*.txt | wc -w); guess=$3; round=1; mkdir -p "$4"
while [ $round -le $2 ]; do
  guess=$(( (guess + words + 1) / 2 )); error=$(( words > guess ? words - guess : guess - words ))
  echo "round $round/$2 error=$error guess=$guess"; echo "$guess" > "$4/words.model"; round=$((round + 1))
done`;

/** What it is on the command line: an option, a flag that can be configured too, and an example for the help. */
export const commandLine: FrameworkCommandLine = {
  options: [{ name: "rounds", kind: "positive-integer", help: "how often to guess", default: "3" }],
  settings: [
    {
      name: "firstGuess",
      flag: "first-guess",
      configKey: "firstGuess",
      kind: "positive-integer",
      placeholder: "<words>",
      help: "where to begin",
      default: "1",
      group: "Training",
      commands: ["plan", "train"],
    },
  ],
  examples: [["unitrain train ./texts rounds=5 --framework ./framework.ts", "guess five times"]],
};

export const framework = ({ rounds = 3, firstGuess = 1 }: { rounds?: number; firstGuess?: number }) =>
  defineFramework({
    name: "words",
    diskBytes: 1_000_000,
    describe: () => ({
      job: `count words in ${rounds} rounds`,
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
      const texts = await listTexts(source);
      const entries = async function* () {
        yield texts;
      };
      return { manifest: { entries }, summary: `${texts.length} texts`, findings: [] };
    },
    // Nothing has to be installed.
    environment: ({ environmentsFolder }) => {
      const nothing = { argv: ["true"] };
      const folder = join(environmentsFolder, "words");
      return { key: "words", folder, checkCommand: nothing, install: nothing, verify: nothing };
    },
    job: ({ jobId, dataset, output, scratch }) => ({
      id: jobId,
      argv: ["sh", "-c", training, "words", dataset, String(rounds), String(firstGuess), output],
      cwd: scratch,
      env: {},
      secrets: [],
      watch: [],
      needs: { gpus: 0 },
      title: `count words in ${rounds} rounds`,
    }),
    progress: () => ({
      text: (lines) =>
        [...lines.matchAll(/^round (\d+)\/(\d+) error=(\d+) guess=(\d+)$/gm)].map((match) => {
          const [done = 0, total = 0, error = 0, guess = 0] = match.slice(1).map(Number);
          return { unit: "epoch", done, total, complete: true, metrics: { error, guess } };
        }),
      file: () => [],
    }),
    artifacts: {
      locate: async ({ root, files }) => files.filter(({ path }) => path === join(root, "words.model")),
      search: ["*.model"],
      rank: (files) => files,
      alternatives: () => [],
      extraFiles: [],
      isComplete: async (path) => (await readFile(path, "utf8")).endsWith("\n"),
      hint: "Train for at least one round.",
    },
  });

async function listTexts(source: DataSource) {
  const folder = source.kind === "local" ? source.path : ".";
  const names = (await readdir(folder)).filter((name) => name.endsWith(".txt")).sort();
  return Promise.all(
    names.map(async (path) => {
      const file = join(folder, path);
      return { path, from: { file }, sizeBytes: (await stat(file)).size };
    }),
  );
}

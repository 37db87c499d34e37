import type { Environment, Job, JobInput, MachineFacts } from "@unitrain/core/spec";

// 4. What must be installed. `key` names it: change the key when the software changes. Here nothing has to be installed.
export function describeEnvironment({ environmentsFolder }: MachineFacts): Environment {
  const nothing = { argv: ["true"] };
  return {
    key: "acme-name-1",
    folder: `${environmentsFolder}/acme-name-1`,
    checkCommand: nothing,
    install: nothing,
    verify: nothing,
  };
}

// 5. The command that trains. It writes its results into `output`, everything else into `scratch`, and prints its progress.
//    This one guesses how many words the texts have, and is half as wrong each round.
export function createJob({ jobId, dataset, output, scratch }: JobInput, rounds: number): Job {
  return {
    id: jobId,
    argv: ["sh", "-c", script, "acme-name", dataset, String(rounds), output],
    cwd: scratch,
    env: {},
    secrets: [],
    watch: [],
    needs: { gpus: 0 },
    title: `acme-name rounds=${rounds}`,
  };
}

const script = `set -e
words=$(cat "$1"/*.txt | wc -w); guess=1; round=1; mkdir -p "$3"
while [ $round -le $2 ]; do
  guess=$(( (guess + words + 1) / 2 )); error=$(( words > guess ? words - guess : guess - words ))
  echo "round $round/$2 error=$error"; echo "words: $guess" > "$3/words.model"; round=$((round + 1))
done`;

import { readFile } from "node:fs/promises";
import { defineFramework, type Framework, type Manifest, type Progress } from "@unitrain/core/spec";

export interface ShellFrameworkOptions {
  /** Run by sh with `$output` and `$dataset` set; its last step should leave `$output/best.model`. */
  readonly script: string;
  readonly secrets?: readonly string[];
}

/** A framework whose training is a few lines of sh, for tests of everything around a training. */
export function shellFramework(options: ShellFrameworkOptions): Framework {
  const { script, secrets = [] } = options;
  return defineFramework({
    name: "shell",
    recipe: {
      module: new URL("./shell-framework.ts", import.meta.url).href,
      exportName: "shellFramework",
      options,
      secrets: [],
    },
    diskBytes: 1_000_000,
    describe: () => ({ job: "sh", folder: "runs/shell" }),
    check: async () => ({ manifest, summary: "1 file", findings: [] }),
    environment: (facts) => ({
      key: "sh",
      folder: `${facts.environmentsFolder}/sh`,
      checkCommand: { argv: ["true"] },
      install: { argv: ["true"] },
      verify: { argv: ["true"] },
    }),
    job: ({ jobId, output, dataset, scratch }) => ({
      id: jobId,
      argv: ["sh", "-c", `mkdir -p "$output"\n${script}`],
      env: { output, dataset },
      secrets,
      cwd: scratch,
      watch: [`${output}/epochs.txt`],
      needs: { gpus: 0 },
      title: "sh",
    }),
    progress: () => ({ text: () => [], file: (_path, content) => epochs(content) }),
    artifacts: {
      locate: async ({ root, files }) => files.filter(({ path }) => path === `${root}/best.model`),
      search: ["*.model"],
      rank: (files) => files,
      alternatives: () => [],
      extraFiles: ["epochs.txt"],
      isUserFile: (path) => path.endsWith(".own"),
      isComplete: async (path) => (await readFile(path, "utf8")).endsWith("end\n"),
      hint: "Let the script leave best.model in $output.",
    },
  });
}

const bytes = Buffer.from("one file\n");
const manifest: Manifest = {
  async *entries() {
    yield [{ path: "data.txt", from: { bytes }, sizeBytes: bytes.length }];
  },
};

function epochs(content: string): readonly Progress[] {
  return content
    .split("\n")
    .filter((line) => /^\d+$/.test(line))
    .map((line) => ({ unit: "epoch", done: Number(line), total: 3, complete: true, metrics: {} }));
}

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  defineFramework,
  type Framework,
  type FrameworkCommandLine,
  type Job,
  type JobInput,
  type Progress,
  UnitrainError,
} from "@unitrain/core/spec";
import type { FrameworkSubject } from "../../src/index.ts";

const log = "begin\nepoch 1/3 loss 0.5\nepoch 2/3 loss 0.25\nepoch 3/3 loss 0.125\nend\n";
export const toySecret = "toy-s3cr3t-9f2c";

/** A framework that keeps every rule: it trains on the text files of a folder. */
function toyFramework(options: { readonly note?: string } = {}): Framework {
  const note = options.note === undefined ? "" : ` note=${JSON.stringify(options.note)}`;
  return defineFramework({
    name: "toy",
    recipe: { module: "toy", exportName: "toyFramework", options, secrets: ["TOY_KEY"] },
    hooks: {
      readyCheck: async ({ run }) => {
        const { stdout } = await run({ argv: ["toy", "--ready"] });
        return stdout.includes("ready")
          ? { ready: true }
          : { ready: false, step: "toy", reason: "there is no toy" };
      },
      run: (job) => ({ ...job, env: { ...job.env, TOY_QUIET: "1" } }),
      sanitize: (text) => text.replaceAll("teddy", "[toy]"),
    },
    diskBytes: 1_000,
    describe: () => ({
      job: `toy epochs=3${note}`,
      folder: "runs/toy",
      metrics: { columns: [], deciding: { key: "loss", better: "lower" } },
    }),
    async check(source) {
      if (source.kind !== "local") throw new UnitrainError("INVALID_DATASET", "A toy needs a folder.");
      const names = (await readdir(source.path)).filter((name) => name.endsWith(".txt")).sort();
      const files = await Promise.all(
        names.map(async (name) => {
          const file = join(source.path, name);
          return { path: name, from: { file }, sizeBytes: (await readFile(file)).length };
        }),
      );
      return {
        manifest: {
          async *entries() {
            yield files;
          },
        },
        summary: `${files.length} texts`,
        findings:
          files.length > 0
            ? []
            : [{ kind: "texts", severity: "error", file: source.path, message: "There is no text." }],
      };
    },
    environment: ({ environmentsFolder }) => ({
      key: "toy-1",
      folder: `${environmentsFolder}/toy-1`,
      checkCommand: { argv: ["true"] },
      install: { argv: ["true"] },
      verify: { argv: ["true"] },
    }),
    job: createJob,
    fit: ({ facts: { gpus, mounts } }) =>
      gpus.length > 0 && mounts.length > 0
        ? []
        : [{ severity: "warning", message: "A toy is slow on this machine", hint: "Take a larger machine." }],
    async resume(saved, input) {
      const last = saved.find(({ path }) => path === "last.model");
      if (last === undefined) return undefined;
      const { localPath, sizeBytes, sha256 } = last;
      const entries = [{ path: "last.model", from: { file: localPath }, sizeBytes, sha256 }];
      return {
        job: createJob(input),
        ship: {
          async *entries() {
            yield entries;
          },
        },
      };
    },
    nextCommands: ({ model }) => [`toy play '${model.replaceAll("'", "'\\''")}'`],
    progress: () => ({
      text: (lines) =>
        [...lines.matchAll(/^epoch (\d{1,6})\/(\d{1,6}) loss (\d+\.?\d*)$/gm)].map(createProgress),
      file: (_path, content) =>
        [...content.matchAll(/^(\d{1,6}),(\d{1,6}),(\d+\.?\d*)$/gm)].map(createProgress),
    }),
    artifacts: {
      locate: async ({ root, files }) => files.filter(({ path }) => path === `${root}/best.model`),
      search: ["*.model"],
      rank: (files) => [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
      alternatives: () => [],
      extraFiles: [],
      isComplete: async (path) => (await readFile(path, "utf8")).endsWith("the end\n"),
      hint: "Train for at least one epoch.",
    },
    explainFailure: ({ output }) =>
      output.includes("out of clay") ? { message: "The toy ran out of clay", hint: "Buy clay." } : undefined,
  });
}

function createJob({ jobId, scratch, output }: JobInput): Job {
  return {
    id: jobId,
    argv: ["train", output],
    env: {},
    secrets: ["TOY_KEY"],
    cwd: scratch,
    watch: [`${output}/results.csv`],
    needs: { gpus: 0 },
    title: "toy",
  };
}

/** The part of the framework for the command line. */
const toyCommandLine: FrameworkCommandLine = {
  options: [{ name: "note", help: "a note for the plan" }],
  pastedLines: {
    programs: ["toy"],
    matches: ([program]) => program === "toy",
    read: ([, ...words]) => words,
  },
  async readOptions({ words }) {
    const unknown = words.find((word) => !word.startsWith("note="));
    if (unknown !== undefined) throw new UnitrainError("INVALID_OPTIONS", `There is no option ${unknown}.`);
    return { note: words.at(-1)?.slice("note=".length) };
  },
  init: {
    findDatasets: async (folder) =>
      (await readdir(folder)).some((name) => name.endsWith(".txt")) ? [{ path: folder, kind: "toy" }] : [],
    proposeOptions: async () => [{ name: "note", value: "" }],
  },
};

function createProgress([, done, total, loss]: RegExpMatchArray): Progress {
  return {
    unit: "epoch",
    done: Number(done),
    total: Number(total),
    complete: true,
    metrics: { loss: Number(loss) },
  };
}

/** Creates a folder with a dataset of two texts, an empty dataset and a model. */
export function createToyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "unitrain-toy-"));
  for (const name of ["data", "empty"]) mkdirSync(join(folder, name));
  for (const name of ["a.txt", "b.txt", "notes.md"]) writeFileSync(join(folder, "data", name), name);
  writeFileSync(join(folder, "best.model"), "a long toy model, and the end\n");
  return folder;
}

/** Creates the framework with the data of a folder, and a training of three epochs. */
export function createToyFrameworkSubject(folder: string): FrameworkSubject {
  return {
    framework: toyFramework(),
    unusual: [toyFramework({ note: "it's\na \u001b[31mred\u001b[0m toy" })],
    commandLine: toyCommandLine,
    saved: [
      {
        path: "last.model",
        localPath: join(folder, "best.model"),
        sizeBytes: 30,
        sha256: "0".repeat(64),
        role: "extra",
      },
    ],
    data: { kind: "local", path: join(folder, "data") },
    files: ["a.txt", "b.txt"],
    brokenData: { kind: "local", path: join(folder, "empty") },
    secrets: [toySecret],
    log,
    watched: { "/out/results.csv": "1,3,0.5\n2,3,0.25\n3,3,0.125\n" },
    epochs: 3,
    outputs: ["last.model", "best.model", "results.csv"],
    model: "best.model",
    modelFile: join(folder, "best.model"),
    failedLog: "Traceback: out of clay\n",
  };
}

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type {
  ArtifactRules,
  Framework,
  FrameworkCommandLine,
  Job,
  ManifestEntry,
  ProgressReader,
} from "@unitrain/core/spec";
import type { FrameworkRuleId, FrameworkSubject } from "../src/index.ts";
import { toySecret } from "./toy/toy-framework.ts";

type Plant = (subject: FrameworkSubject) => FrameworkSubject;

/** A framework with one bug for each rule of the suite. A rule without a bug is a type error. */
export const plantedFrameworkBugs: Readonly<Record<FrameworkRuleId, Plant>> = {
  "framework/has-all-members": change(() => ({ secretPatterns: ["toy_.*"] as never })),
  "framework/recipe-is-json": change(({ recipe }) => ({
    recipe: { module: "toy", exportName: "toy", secrets: [], ...recipe, options: { since: new Date(0) } },
  })),
  "framework/describe-is-pure": change(({ describe }) => {
    let calls = 0;
    return {
      describe() {
        calls += 1;
        return { ...describe(), name: `toy-${calls}` };
      },
    };
  }),
  "framework/job-is-one-line": change(({ describe }) => ({
    describe: () => ({ ...describe(), job: describe().job.replace(/^toy epochs=3$/, "toy\nepochs=3") }),
  })),
  "framework/plan-holds-no-secret": changeJob((job) => ({ env: { ...job.env, TOY_KEY: toySecret } })),
  // The data.
  "framework/good-data-is-accepted": change(({ check }) => ({
    async check(source, context) {
      const report = await check(source, context);
      const finding = { kind: "texts", severity: "error", file: "a.txt", message: "too short" } as const;
      return { ...report, findings: [finding] };
    },
  })),
  "framework/bad-data-is-refused": change(({ check }) => ({
    check: async (source, context) => ({ ...(await check(source, context)), findings: [] }),
  })),
  "framework/manifest-lists-the-needed-files": changeEntries((entries) => entries.slice(1)),
  "framework/manifest-can-be-read-again": change(({ check }) => ({
    async check(source, context) {
      const report = await check(source, context);
      const entries = report.manifest.entries();
      return { ...report, manifest: { entries: () => entries } };
    },
  })),
  "framework/manifest-paths-are-safe": changeEntries((entries) =>
    entries.map((entry) => ({ ...entry, path: `./${entry.path}` })),
  ),
  "framework/manifest-is-true": changeEntries((entries) =>
    entries.map((entry) => ({ ...entry, sizeBytes: entry.sizeBytes + 1 })),
  ),
  "framework/check-writes-nothing": change(({ check }) => ({
    async check(source, context) {
      if (source.kind === "local") await writeFile(join(source.path, "labels.cache"), "x");
      return check(source, context);
    },
  })),
  // The job.
  "framework/environment-key-is-stable": change(({ environment }) => ({
    environment: (facts) => ({ ...environment(facts), key: "toy 1" }),
  })),
  "framework/environment-stays-in-its-folder": change(({ environment }) => ({
    environment: (facts) => ({ ...environment(facts), folder: `${facts.home}/toy` }),
  })),
  "framework/job-is-json": changeJob(() => ({ needs: { gpus: Number.NaN } })),
  "framework/job-keeps-its-id": changeJob(() => ({ id: "toy" })),
  "framework/job-works-in-the-run": changeJob(() => ({ cwd: "/tmp" })),
  // The progress.
  "framework/log-shows-the-epochs": changeReader((reader) => ({
    text: (lines) => reader.text(lines).map((part) => ({ ...part, done: part.done - 1 })),
  })),
  "framework/log-may-come-at-once": changeReader((reader) => ({
    text: (lines) => reader.text(lines).slice(0, 1),
  })),
  "framework/watched-files-show-the-epochs": changeReader(() => ({ file: () => [] })),
  "framework/progress-survives-any-text": changeReader((reader) => ({
    text(lines) {
      if (lines.includes("{")) JSON.parse(lines);
      return reader.text(lines);
    },
  })),
  "framework/readers-are-independent": change(({ progress }) => {
    const seen = new Map<string, number>();
    return {
      progress() {
        const reader = progress();
        return {
          ...reader,
          text(lines) {
            const count = (seen.get(lines) ?? 0) + 1;
            seen.set(lines, count);
            const parts = reader.text(lines);
            return count > 1 ? [...parts, ...parts] : parts;
          },
        };
      },
    };
  }),
  "framework/shown-metrics-exist": change(({ describe }) => ({
    describe: () => ({
      ...describe(),
      metrics: { columns: [], deciding: { key: "mAP50", better: "higher" } },
    }),
  })),
  // The results.
  "framework/locate-finds-the-model": changeArtifacts(() => ({ locate: async () => undefined })),
  "framework/search-finds-the-model": changeArtifacts(({ rank }) => ({
    rank: (files) => [...rank(files)].reverse(),
  })),
  "framework/complete-model-is-accepted": changeArtifacts(() => ({ isComplete: async () => false })),
  "framework/incomplete-model-is-refused": changeArtifacts(() => ({ isComplete: async () => true })),
  "framework/failure-is-explained": change(() => ({ explainFailure: () => undefined })),
  "framework/unknown-failure-is-not-explained": change(() => ({
    explainFailure: () => ({ message: "The toy is broken", hint: "Buy another one." }),
  })),
  // Another machine.
  "framework/resume-continues-the-job": change(({ resume }) => ({
    async resume(...parameters) {
      const resumed = await resume?.(...parameters);
      return resumed && { ...resumed, ship: { async *entries() {} } };
    },
  })),
  "framework/resume-needs-a-checkpoint": change(({ resume, job }) => ({
    async resume(saved, input, context) {
      const ship = { async *entries() {} };
      return saved.length === 0 ? { job: job(input), ship } : resume?.(saved, input, context);
    },
  })),
  // The hooks.
  "framework/hooks-return-what-core-uses": change(({ hooks }) => ({
    hooks: { ...hooks, run: (job) => ({ ...job, id: "toy" }) },
  })),
  "framework/hooks-survive-any-answer": change(({ hooks }) => ({
    hooks: {
      ...hooks,
      readyCheck: async ({ run }) => {
        const { stdout } = await run({ argv: ["toy", "--ready", "--json"] });
        return JSON.parse(stdout).ready ? { ready: true } : { ready: false, step: "toy", reason: "no toy" };
      },
    },
  })),
  // The command line.
  "framework/options-are-declared-once": changeCommandLine(() => ({
    options: [
      { name: "note", help: "a note for the plan" },
      { name: "note", help: "another note" },
    ],
  })),
  "framework/odd-words-are-refused": changeCommandLine(({ readOptions }) => ({
    async readOptions(options) {
      for (const word of options.words) if (word.split("=")[1] === undefined) throw new TypeError("no value");
      return readOptions?.(options) ?? {};
    },
  })),
  "framework/init-survives-any-folder": changeCommandLine(({ init }) => ({
    init: {
      proposeOptions: async () => [],
      ...init,
      async findDatasets(folder) {
        for (const name of await readdir(folder)) if (name.includes(".")) await readFile(join(folder, name));
        return [];
      },
    },
  })),
  // Unusual input.
  "framework/unusual-options-are-described": change(({ describe, recipe }) => ({
    describe: () => ({
      ...describe(),
      job: `toy ${(recipe?.options as { readonly note?: string } | undefined)?.note ?? ""}`,
    }),
  })),
  "framework/odd-machines-are-answered": change(() => ({
    fit: ({ facts: { gpus } }) =>
      (gpus[0] as { readonly memoryBytes: number }).memoryBytes < 8e9
        ? [{ severity: "error", message: "The GPU is too small", hint: "Take a larger one." }]
        : [],
  })),
  "framework/next-commands-can-be-pasted": change(() => ({
    nextCommands: ({ model }) => [`toy play ${model}`],
  })),
};

function changeCommandLine(changes: (commandLine: FrameworkCommandLine) => FrameworkCommandLine): Plant {
  return ({ commandLine = {}, ...subject }) => ({
    ...subject,
    commandLine: { ...commandLine, ...changes(commandLine) },
  });
}

function change(changes: (framework: Framework) => Partial<Framework>): Plant {
  return (subject) => {
    const planted = (framework: Framework) => ({ ...framework, ...changes(framework) });
    return {
      ...subject,
      framework: planted(subject.framework),
      unusual: subject.unusual?.map(planted) ?? [],
    };
  };
}

function changeJob(changes: (job: Job) => Partial<Job>): Plant {
  return change(({ job }) => ({
    job: (input) => ({ ...job(input), ...changes(job(input)) }),
  }));
}

function changeEntries(changed: (entries: readonly ManifestEntry[]) => readonly ManifestEntry[]): Plant {
  return change(({ check }) => ({
    async check(source, context) {
      const report = await check(source, context);
      const entries = async function* () {
        for await (const batch of report.manifest.entries()) yield changed(batch);
      };
      return { ...report, manifest: { entries } };
    },
  }));
}

function changeReader(changes: (reader: ProgressReader) => Partial<ProgressReader>): Plant {
  return change(({ progress }) => ({
    progress() {
      const reader = progress();
      return { ...reader, ...changes(reader) };
    },
  }));
}

function changeArtifacts(changes: (artifacts: ArtifactRules) => Partial<ArtifactRules>): Plant {
  return change(({ artifacts }) => ({ artifacts: { ...artifacts, ...changes(artifacts) } }));
}

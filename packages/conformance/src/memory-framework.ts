import { readFile } from "node:fs/promises";
import { defineFramework, type Framework, type Manifest, type Progress } from "@unitrain/core/spec";
import { createLifetime, type Lifetime } from "./lifetime.ts";
import type { MemoryCloud } from "./memory-cloud.ts";

/**
 * Creates a framework that trains nothing on two small files. A model counts as complete if its content starts with
 * `whole: `.
 *
 * @param cloud The cloud in which it "trains".
 * @param lifetime The simulated process that calls it.
 *
 * @example
 * ```ts
 * import { memoryFramework, memoryCloud, virtualClock } from "@unitrain/conformance";
 *
 * const framework = memoryFramework(memoryCloud(virtualClock()));
 * console.log(framework.describe().job); // train in memory epochs=5
 * ```
 */
export function memoryFramework(cloud: MemoryCloud, lifetime: Lifetime = createLifetime()): Framework {
  return defineFramework({
    name: "memory",
    recipe: { module: "@unitrain/conformance", exportName: "memoryFramework", options: {}, secrets: [] },
    diskBytes: 1_000_000,
    describe: () => ({
      job: "train in memory epochs=5",
      folder: "runs/memory",
      settings: [
        { name: "epochs", value: 5, isExplicit: true },
        { name: "seed", value: 0, isExplicit: false },
      ],
    }),
    check: () =>
      cloud.step(lifetime, "framework.check", () => ({
        manifest,
        summary: "2 files in memory",
        findings: [],
      })),
    fit: () => cloud.fit,
    environment: (facts) => ({
      key: "memory",
      folder: `${facts.environmentsFolder}/memory`,
      checkCommand: { argv: ["works"] },
      install: { argv: ["install"] },
      verify: { argv: ["verify"] },
      versions: (output) => ({ memory: output.trim() }),
    }),
    job: ({ jobId, output, scratch }) => ({
      id: jobId,
      argv: ["train", output],
      env: {},
      secrets: [],
      cwd: scratch,
      watch: [],
      needs: { gpus: 1 },
      title: "train in memory",
    }),
    progress: () => ({ text: readEpochs, file: () => [] }),
    artifacts: {
      locate: async ({ root, files }) =>
        ["best", "last"].flatMap((name) =>
          files.filter(({ path }) => path === `${root}/weights/${name}.model`),
        ),
      search: ["*.model"],
      rank: (files) => [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
      alternatives: () => ["/home/memory/elsewhere"],
      extraFiles: ["*.txt", "weights/last.model"],
      isComplete: async (path) => (await readFile(path, "utf8")).startsWith("whole: "),
      hint: "Train for at least one epoch.",
    },
  });
}

const manifest: Manifest = {
  async *entries() {
    for (const path of ["a.txt", "b/c.txt"]) {
      const bytes = Buffer.from(`content of ${path}`);
      yield [{ path, from: { bytes }, sizeBytes: bytes.length }];
    }
  },
};

function readEpochs(lines: string): readonly Progress[] {
  return [...lines.matchAll(/^epoch (\d+)\/(\d+) loss ([\d.]+)$/gm)].map(([, done, total, loss]) => ({
    unit: "epoch",
    done: Number(done),
    total: Number(total),
    complete: true,
    metrics: { loss: Number(loss) },
    score: -Number(loss),
  }));
}

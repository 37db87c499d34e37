import { readFile } from "node:fs/promises";
import type { ArtifactRules } from "@unitrain/core/spec";

// 8. Where the model is, and whether a downloaded file is a whole one: a machine may die while it writes.
export const artifacts: ArtifactRules = {
  locate: async ({ root, files }) => files.filter(({ path }) => path === `${root}/words.model`),
  search: ["*.model"],
  rank: (files) => files,
  alternatives: () => [],
  extraFiles: [],
  isComplete: async (path) => /^words: \d+\n$/.test(await readFile(path, "utf8").catch(() => "")),
  hint: "Train for at least one round.",
};

import { basename, join } from "node:path/posix";
import type { ArtifactRules, JobInput } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { locateModels } from "./locate-models.ts";
import { rankModels } from "./rank-models.ts";
import { isWrittenByUser } from "./user-files.ts";

/** What a training with Ultralytics leaves behind, and where. */
export function createArtifactRules(options: CheckedOptions): ArtifactRules {
  return {
    locate: (input) => locateModels(input),
    search: ["*.pt", "*.pth"],
    rank: (files) => rankModels(files, options),
    alternatives: (job) => listAlternativeFolders(job, options.task),
    extraFiles: [
      "weights/last.pt",
      "results.csv",
      "args.yaml",
      "*.png",
      "*.jpg",
      "*.json",
      "events.out.tfevents.*",
      "wandb/offline-run-*/**",
    ],
    isUserFile: isWrittenByUser,
    isComplete: async (localPath) => (await import("./is-complete.ts")).isCompleteModel(localPath),
    hint:
      "A training that ended before its first epoch was over has no model: the end of its log says why. " +
      "Otherwise look at what lies there, and download a .pt file with `unitrain pull`.",
  };
}

/**
 * Five more places, should Ultralytics count up, or not heed its settings: a second folder by either of its rules, and the
 * `runs` folders of the attempt, of the user and of the environment.
 */
function listAlternativeFolders(
  { output, scratch, facts, environment }: JobInput,
  task: string,
): readonly string[] {
  const relativeFolder = join("runs", task, basename(output), "weights");
  return [
    `${output}2/weights`,
    `${output}-2/weights`,
    join(scratch, relativeFolder),
    join(facts.home, relativeFolder),
    join(environment.folder, relativeFolder),
  ];
}

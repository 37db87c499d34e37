import { basename, join } from "node:path/posix";
import type { ArtifactRules, JobInput } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import { locateModels } from "./locate-models.ts";
import { rankModels } from "./rank-models.ts";
import { isWrittenByUser } from "./user-files.ts";

/**
 * Describes the files that a training with Ultralytics writes: where models are, how they rank, and which others to
 * download.
 */
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
      "A training that ends before its first epoch completes writes no model: read the end of its log. " +
      "Otherwise list the files on the machine, and download a .pt file with `unitrain pull`.",
  };
}

/**
 * Lists five more folders to search for models, in case Ultralytics appended a number to the output folder or ignored
 * its settings: a second folder under either naming rule, and the `runs` folders of the attempt, the user and the
 * environment.
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

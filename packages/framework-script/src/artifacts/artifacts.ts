import type { ArtifactRules, JobInput, RemoteFile } from "@unitrain/core/spec";
import { getNamePattern, matchesAny, toRelative } from "../options/globs.ts";
import type { CheckedOptions } from "../options/options.ts";
import { explainMissing } from "./explain-missing.ts";
import { isCompleteModel } from "./is-complete.ts";

/** The time of the files that were uploaded. What the command writes is newer. */
export const codeTime = "200001010000";
const isUploaded = ({ modifiedAt }: RemoteFile): boolean => modifiedAt.startsWith("2000-01-01T00:00");

/** Names of models, for a command whose files are not named. */
const modelNames = [
  ...["pt", "pth", "ckpt", "safetensors", "onnx", "keras", "h5", "joblib", "pkl", "gguf"].map(
    (end) => `*.${end}`,
  ),
  "pytorch_model*.bin",
];

/** Finds the files that the command wrote: by the globs of the options, in the folder that it ran in and in the output folder. */
export function createArtifactRules(options: CheckedOptions): ArtifactRules {
  const { artifact, best, checkpoint, progressFile } = options;
  const declared = [...artifact, ...(best === undefined ? [] : [best])];
  const wanted = [...declared, ...checkpoint, ...(progressFile === undefined ? [] : [progressFile])];
  const firstFiles = wanted.map(toRelative).flatMap((glob) => [glob, `${glob.replace(/\/$/, "")}/**`]);
  const names = declared.map(getNamePattern);
  return {
    locate: async ({ job, files }) => {
      const found = files.filter((file) => {
        const path = getWrittenPath(job, file);
        if (path === undefined) return false;
        return declared.length === 0
          ? file.path.startsWith(`${job.output}/`) && matchesAny(modelNames, basename(path))
          : matchesAny(declared, path);
      });
      return sortByMerit(found, (file) => {
        const path = getWrittenPath(job, file);
        return best !== undefined && path !== undefined && matchesAny([best], path);
      });
    },
    // Also models that no glob names: a wrong glob must not cost a model.
    search: [...new Set([...names.filter((name) => name !== undefined), ...modelNames])],
    rank: (files) =>
      sortByMerit(
        files.filter((file) => file.sizeBytes > 0 && !isUploaded(file)),
        (file) => best !== undefined && matchesAny([getNamePattern(best) ?? best], basename(file.path)),
      ),
    alternatives: () => [],
    extraFiles: ["progress.jsonl", ...firstFiles],
    // All that the command wrote where it ran, except for caches.
    isUserFile: (path, file) =>
      !isUploaded(file) && !path.split("/").some((part) => part.startsWith(".") || part === "__pycache__"),
    keepsPaths: true,
    isComplete: isCompleteModel,
    explainMissing: (input) => explainMissing(options, input, isUploaded),
    hint: "Name the files that the command writes: --artifact 'out/*.pt', or let it write them into {output}.",
  };
}

/** The path of a file that the command wrote, relative to the folder that it ran in or to the output folder. */
function getWrittenPath(job: Pick<JobInput, "output" | "scratch">, file: RemoteFile): string | undefined {
  if (file.sizeBytes === 0 || isUploaded(file)) return undefined;
  const folder = [job.output, job.scratch].find((root) => file.path.startsWith(`${root}/`));
  const path = folder === undefined ? undefined : file.path.slice(folder.length + 1);
  return path?.startsWith(".unitrain/") ? undefined : path;
}

/** The best first, then models before other files, then the last that was written. */
function sortByMerit(
  files: readonly RemoteFile[],
  isBest: (file: RemoteFile) => boolean,
): readonly RemoteFile[] {
  const rank = (file: RemoteFile) => (isBest(file) ? 0 : matchesAny(modelNames, basename(file.path)) ? 1 : 2);
  return [...files].sort(
    (a, b) => rank(a) - rank(b) || compare(b.modifiedAt, a.modifiedAt) || compare(a.path, b.path),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const basename = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

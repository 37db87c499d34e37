import { type FailureExplanation, formatBytes, type LocateInput, toPlainLine } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";

const shownFiles = 10;

/** Says which files the command wrote instead of a model. */
export function explainMissing(
  { artifact, best }: Pick<CheckedOptions, "artifact" | "best">,
  { job, files }: Pick<LocateInput, "job" | "files">,
  isUploaded: (file: LocateInput["files"][number]) => boolean,
): FailureExplanation {
  const globs = [...artifact, ...(best === undefined ? [] : [best])];
  const wanted =
    globs.length === 0
      ? "the command wrote no model into its output folder"
      : `the command wrote no file that matches ${globs.join(" or ")}`;
  const written = files.flatMap((file) => {
    const root = [job.output, job.scratch].find((folder) => file.path.startsWith(`${folder}/`));
    const path = root === undefined ? ".unitrain/" : file.path.slice(root.length + 1);
    return isUploaded(file) || path.startsWith(".unitrain/") || path.includes("__pycache__/")
      ? []
      : [`  ${toPlainLine(path).slice(0, 200)} (${formatBytes(file.sizeBytes)})`];
  });
  const more = written.length > shownFiles ? [`  and ${written.length - shownFiles} more`] : [];
  const listing = written.length === 0 ? ["  nothing"] : [...written.slice(0, shownFiles), ...more];
  return {
    message: [`${wanted}. It wrote:`, ...listing].join("\n"),
    hint: "Name the files that it writes: --artifact 'out/*.pt', relative to the folder of the code, or let it write them into {output}.",
  };
}

import { readFileSync } from "node:fs";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import { decodeText } from "../dataset/decode-text.ts";
import { formatPath } from "../dataset/findings.ts";

/** Parsed annotation files. */
export interface ReadFiles<T> {
  readonly read: readonly { readonly file: string; readonly content: T }[];
  /** One sentence for each file that was skipped, with the reason. */
  readonly notes: readonly string[];
}

const shownMistakes = 3;

/**
 * Parses annotation files. Skips invalid files with a note, because one bad file should not block a dataset. Throws
 * `INVALID_DATASET` when all files are invalid.
 */
export function readFiles<T>(
  files: readonly string[],
  form: string,
  parse: (text: string) => T,
): ReadFiles<T> {
  const read: { file: string; content: T }[] = [];
  const mistakes: string[] = [];
  for (const file of files) {
    try {
      read.push({ file, content: parse(decodeText(readFileSync(file)).replace(/^\uFEFF/, "")) });
    } catch (cause) {
      mistakes.push(`${formatPath(file)} is not valid ${form}: ${describeCause(cause)}`);
    }
  }
  const [first] = mistakes;
  if (read.length === 0 && first !== undefined) throw new UnitrainError("INVALID_DATASET", first);
  const more = mistakes.length - shownMistakes;
  return {
    read,
    notes: [
      ...mistakes.slice(0, shownMistakes).map((mistake) => `Skipped a file: ${mistake}`),
      ...(more > 0 ? [`Skipped ${more} more files that are not valid ${form}`] : []),
    ],
  };
}

function describeCause(cause: unknown): string {
  const [issue] = cause instanceof z.ZodError ? cause.issues : [];
  return issue === undefined ? (cause as Error).message : `${issue.path.join(".")}: ${issue.message}`;
}

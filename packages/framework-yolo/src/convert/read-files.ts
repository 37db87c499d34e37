import { readFileSync } from "node:fs";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import { decodeText } from "../dataset/decode-text.ts";
import { formatPath } from "../dataset/findings.ts";

/** Annotation files, parsed. */
export interface ReadFiles<T> {
  readonly read: readonly { readonly file: string; readonly content: T }[];
  /** Which files are left out, and why. */
  readonly notes: readonly string[];
}

const shownMistakes = 3;

/**
 * Parses annotation files. A file with a mistake is left out with a note: one bad file is not a reason to refuse a set. Throws
 * `INVALID_DATASET` when all have one.
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
      ...mistakes.slice(0, shownMistakes).map((mistake) => `A file is left out: ${mistake}`),
      ...(more > 0 ? [`${more} more files are left out, because they are not valid ${form}`] : []),
    ],
  };
}

function describeCause(cause: unknown): string {
  const [issue] = cause instanceof z.ZodError ? cause.issues : [];
  return issue === undefined ? (cause as Error).message : `${issue.path.join(".")}: ${issue.message}`;
}

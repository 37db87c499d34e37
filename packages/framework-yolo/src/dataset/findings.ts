import { isAbsolute, relative } from "node:path";
import type { Finding } from "@unitrain/core/spec";

/** So many of one kind are shown as examples; the rest only as a number. */
const examplesOfAKind = 3;

interface Kind {
  readonly severity: Finding["severity"];
  readonly examples: Finding[];
  count: number;
}

/** Gathers what a check finds, by kind, so that ten thousand equal mistakes read as one. */
export class Findings {
  readonly #kinds = new Map<string, Kind>();

  error(kind: string, file: string, message: string, line?: number): void {
    this.#add("error", kind, file, message, line);
  }

  warning(kind: string, file: string, message: string, line?: number): void {
    this.#add("warning", kind, file, message, line);
  }

  /** The first of a kind, if there was any: what an explanation of all of them points to. */
  firstOf(kind: string): Finding | undefined {
    return this.#kinds.get(kind)?.examples[0];
  }

  /** Puts one explanation in the place of all that was found of a kind. */
  replace(kind: string, message: string): void {
    const found = this.#kinds.get(kind);
    const [first] = found?.examples ?? [];
    if (found === undefined || first === undefined) return;
    this.#kinds.set(kind, { severity: found.severity, examples: [{ ...first, message }], count: 1 });
  }

  /** Forgets a kind that turned out to be no mistake. */
  drop(kind: string): void {
    this.#kinds.delete(kind);
  }

  /** Errors first; within them by kind, in the order in which the kinds were met. */
  all(): readonly Finding[] {
    const all = [...this.#kinds].flatMap(([kind, { severity, examples, count }]) => {
      const [first] = examples;
      if (first === undefined || count === examples.length) return examples;
      const message = `${count - examples.length} more of this: ${kind}`;
      return [...examples, { severity, file: first.file, message }];
    });
    return [...all.filter(isError), ...all.filter((finding) => !isError(finding))];
  }

  #add(severity: Finding["severity"], kind: string, file: string, message: string, line?: number): void {
    const seen = this.#kinds.get(kind) ?? { severity, examples: [], count: 0 };
    this.#kinds.set(kind, seen);
    seen.count++;
    if (seen.examples.length >= examplesOfAKind) return;
    seen.examples.push({ severity, file: shownPath(file), message, ...(line === undefined ? {} : { line }) });
  }
}

const isError = (finding: Finding): boolean => finding.severity === "error";

/** As a person would write it: relative to the working folder when it lies in it. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : path;
}

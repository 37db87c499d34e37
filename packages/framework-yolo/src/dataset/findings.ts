import { isAbsolute, relative } from "node:path";
import type { Finding } from "@unitrain/core/spec";

/** So many of one kind are told one by one; the rest only as a number. */
const toldOneByOne = 10;

/** Gathers what a check finds, without drowning a person in a thousand equal lines. */
export class Findings {
  readonly #told: Finding[] = [];
  readonly #kinds = new Map<string, { severity: Finding["severity"]; file: string; count: number }>();

  error(kind: string, file: string, message: string, line?: number): void {
    this.#add("error", kind, file, message, line);
  }

  warning(kind: string, file: string, message: string, line?: number): void {
    this.#add("warning", kind, file, message, line);
  }

  /** Errors first; within them in the order in which they were found. */
  all(): readonly Finding[] {
    const more = [...this.#kinds].flatMap(([kind, { severity, file, count }]) =>
      count <= toldOneByOne
        ? []
        : [{ severity, file, message: `${count - toldOneByOne} more of this: ${kind}` }],
    );
    const all = [...this.#told, ...more];
    return [...all.filter(isError), ...all.filter((finding) => !isError(finding))];
  }

  #add(severity: Finding["severity"], kind: string, file: string, message: string, line?: number): void {
    const path = shownPath(file);
    const seen = this.#kinds.get(kind) ?? { severity, file: path, count: 0 };
    seen.count++;
    this.#kinds.set(kind, seen);
    if (seen.count > toldOneByOne) return;
    this.#told.push({ severity, file: path, message, ...(line === undefined ? {} : { line }) });
  }
}

const isError = (finding: Finding): boolean => finding.severity === "error";

/** As a person would write it: relative to the working folder when it lies in it. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : path;
}

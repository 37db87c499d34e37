import { isAbsolute, relative } from "node:path";
import type { Finding } from "@unitrain/core/spec";

type UnsettledFinding = Omit<Finding, "severity">;

/** Gathers what a check finds. */
export class Findings {
  #found: Finding[] = [];
  readonly #inspected = new Set<string>();
  readonly #damage = new Map<string, UnsettledFinding[]>();
  readonly #skippedImages = new Set<string>();

  /** What is found depends on this folder or description. */
  inspect(path: string): void {
    this.#inspected.add(path);
  }

  get inspectedPaths(): readonly string[] {
    return [...this.#inspected];
  }

  error(kind: string, file: string, message: string, line?: number): void {
    this.#found.push({ ...createFinding(kind, file, message, line), severity: "error" });
  }

  warning(kind: string, file: string, message: string, line?: number): void {
    this.#found.push({ ...createFinding(kind, file, message, line), severity: "warning" });
  }

  /**
   * Something that makes an image useless: it, or its label, is damaged. The image is left out. Whether that is an error
   * depends on how many there are, and is decided at the end.
   */
  damage(kind: string, image: string, file: string, message: string, line?: number): void {
    const sameKind = this.#damage.get(kind);
    if (sameKind === undefined) this.#damage.set(kind, [createFinding(kind, file, message, line)]);
    else sameKind.push(createFinding(kind, file, message, line));
    this.#skippedImages.add(image);
  }

  /** Leaves out an image for damage that was told of with another image. */
  skipImage(image: string): void {
    this.#skippedImages.add(image);
  }

  /** Images that are useless, by path. */
  get skippedImages(): ReadonlySet<string> {
    return this.#skippedImages;
  }

  hasDamage(kind: string): boolean {
    return this.#damage.has(kind);
  }

  /** Whether there is damage that is neither explained nor settled. */
  get hasUnsettledDamage(): boolean {
    return this.#damage.size > 0;
  }

  /** Puts one explanation in the place of all damage of a kind. It is an error, whatever the number of images. */
  explain(kind: string, message: string): void {
    const [first] = this.#damage.get(kind) ?? [];
    if (first === undefined) return;
    this.#damage.delete(kind);
    this.#found.push({ ...first, message, severity: "error" });
  }

  /** Forgets a kind that another finding explains. */
  drop(kind: string): void {
    this.#damage.delete(kind);
    this.#found = this.#found.filter((finding) => finding.kind !== kind);
  }

  /** Decides what the damage of each kind is. */
  settle(chooseSeverity: (kind: string) => Finding["severity"]): void {
    for (const [kind, findings] of this.#damage) {
      const severity = chooseSeverity(kind);
      for (const finding of findings) this.#found.push({ ...finding, severity });
    }
    this.#damage.clear();
  }

  /** Errors first; within them by kind, in the order in which the kinds were met. */
  all(): readonly Finding[] {
    const kinds = new Map<string, number>();
    for (const { kind } of this.#found) if (!kinds.has(kind)) kinds.set(kind, kinds.size);
    const rank = ({ severity, kind }: Finding) =>
      (severity === "error" ? 0 : kinds.size) + (kinds.get(kind) ?? 0);
    return this.#found.sort((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  }
}

function createFinding(
  kind: string,
  file: string,
  message: string,
  line: number | undefined,
): UnsettledFinding {
  return { kind, file: formatPath(file), ...(line === undefined ? {} : { line }), message };
}

/** As a person would write it: relative to the working folder when it lies in it. */
export function formatPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : path;
}

import { isAbsolute, relative } from "node:path";
import type { Finding } from "@unitrain/core/spec";

type UnsettledFinding = Omit<Finding, "severity">;

/** Collects the findings of a check. */
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
   * Records damage of an image or its label, which excludes the image. Whether the damage is an error depends on the
   * number of images, which `settle` decides at the end.
   */
  damage(kind: string, image: string, file: string, message: string, line?: number): void {
    const sameKind = this.#damage.get(kind);
    if (sameKind === undefined) this.#damage.set(kind, [createFinding(kind, file, message, line)]);
    else sameKind.push(createFinding(kind, file, message, line));
    this.#skippedImages.add(image);
  }

  /** Excludes an image for damage that was reported with another image. */
  skipImage(image: string): void {
    this.#skippedImages.add(image);
  }

  /** Paths of the excluded images. */
  get skippedImages(): ReadonlySet<string> {
    return this.#skippedImages;
  }

  hasDamage(kind: string): boolean {
    return this.#damage.has(kind);
  }

  /** There is damage that is neither explained nor settled. */
  get hasUnsettledDamage(): boolean {
    return this.#damage.size > 0;
  }

  /** Replaces all damage of a kind by one explanation, which is an error for any number of images. */
  explain(kind: string, message: string): void {
    const [first] = this.#damage.get(kind) ?? [];
    if (first === undefined) return;
    this.#damage.delete(kind);
    this.#found.push({ ...first, message, severity: "error" });
  }

  /** Removes all findings of a kind, because another finding explains them. */
  drop(kind: string): void {
    this.#damage.delete(kind);
    this.#found = this.#found.filter((finding) => finding.kind !== kind);
  }

  /** Assigns a severity to the damage of each kind. */
  settle(chooseSeverity: (kind: string) => Finding["severity"]): void {
    for (const [kind, findings] of this.#damage) {
      const severity = chooseSeverity(kind);
      for (const finding of findings) this.#found.push({ ...finding, severity });
    }
    this.#damage.clear();
  }

  /** Returns all findings: errors first, then by kind in the order of their first occurrence, then by file. */
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

/** Formats a path for display: relative to the working folder when it is below it, otherwise unchanged. */
export function formatPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : path;
}

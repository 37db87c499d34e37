import { UnitrainError } from "../spec/index.ts";

/** What is wrong with a file or folder in the state folder. */
export interface StateProblem {
  /**
   * `newer`: a newer version of unitrain wrote the file. `unreadable`: nothing in it can be read. In both cases nothing acts on the
   * run. `damaged`: some of its lines cannot be read. `torn`: its last line is incomplete. `lock`: the lock cannot be read, so it is
   * not known whether a process drives the run.
   */
  readonly kind: "newer" | "unreadable" | "damaged" | "torn" | "lock";
  /** The absolute path of the file or folder. */
  readonly file: string;
  /** Sentences that do not repeat the path: `It is empty.` */
  readonly message: string;
}

/** Whether a ledger may only be reported, because it is unreadable or a newer version wrote it. */
export function mustNotBeActedOn(problem: StateProblem | undefined): boolean {
  return problem?.kind === "newer" || problem?.kind === "unreadable";
}

/** Creates the error for unreadable files. `others` are runs that the hint suggests instead of the newest one. */
export function createUnreadableError(
  { kind, file, message }: StateProblem,
  others: readonly string[] = [],
): UnitrainError {
  const instead = others.length === 0 ? "" : `Name another run instead: ${others.join(", ")}. `;
  const hint =
    kind === "newer"
      ? "Update unitrain, or use the version that wrote it."
      : "Restore the file or fix its permissions; it was not changed. Then check what may still cost money.";
  return new UnitrainError("STATE_UNREADABLE", `${file} cannot be read: ${lowerFirst(message)}`, {
    hint: `${instead}${hint}`,
    ...(kind === "newer" ? {} : { action: { type: "list-runs" } }),
  });
}

/** Describes an error of the file system in a sentence without the path. */
export function describeReadError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "EACCES" || code === "EPERM") return `You have no permission to read it (${code}).`;
  if (code === "ENOTDIR") return "A file is where a folder should be.";
  if (code === "EISDIR") return "It is a folder.";
  if (code === "ELOOP") return "It is a symbolic link that points back to itself.";
  if (code === "ETIMEDOUT") return "Its disk or network share does not respond.";
  return code === "" ? String(error) : `Reading it failed (${code}).`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

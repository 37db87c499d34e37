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

/** Whether a ledger is only to be reported: nothing of it can be read, or a newer version goes on with it. */
export function mustNotBeActedOn(problem: StateProblem | undefined): boolean {
  return problem?.kind === "newer" || problem?.kind === "unreadable";
}

/** `others`: runs that can be named instead, when the newest was meant. */
export function createUnreadableError(
  { kind, file, message }: StateProblem,
  others: readonly string[] = [],
): UnitrainError {
  const instead = others.length === 0 ? "" : `Name another run instead: ${others.join(", ")}. `;
  const hint =
    kind === "newer"
      ? "Update unitrain, or use the version that wrote it."
      : "Restore the file or fix its permissions: nothing in it was changed. Then see what may still cost.";
  return new UnitrainError("STATE_UNREADABLE", `${file} cannot be read: ${lowerFirst(message)}`, {
    hint: `${instead}${hint}`,
    ...(kind === "newer" ? {} : { action: { type: "list-runs" } }),
  });
}

/** Describes an error of the file system in a sentence without the path. */
export function describeReadError(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "EACCES" || code === "EPERM") return `You may not read it (${code}).`;
  if (code === "ENOTDIR") return "A file is where a folder should be.";
  if (code === "EISDIR") return "It is a folder.";
  if (code === "ELOOP") return "It is a link that leads back to itself.";
  if (code === "ETIMEDOUT") return "Its disk or network share does not answer.";
  return code === "" ? String(error) : `Reading it failed (${code}).`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

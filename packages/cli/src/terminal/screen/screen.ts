import type { RunEvent } from "@unitrain/core";
import type { RunView } from "@unitrain/view";
import type { CliContext } from "../../context/cli-context.ts";
import type { Line } from "../render/line.ts";

/** Where a run is shown while it goes on. */
export interface Screen {
  /** What the screen has seen of the run so far. */
  readonly view: RunView;
  show(event: RunEvent): void;
  /** A few lines of our own, between what the run tells. */
  print(lines: readonly Line[]): void;
  /** Leaves the screen to a question; what happens meanwhile is said after it. */
  aside<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
  /** Takes away what is redrawn; what was said stays. Nothing may be shown after it. */
  close(): void;
}

export interface ScreenChoice {
  readonly json: boolean;
  /** What Ctrl-C would do, for the last line of what is redrawn. */
  readonly interruptHint: () => string;
  /** Events from before this moment (milliseconds since 1970) are taken in silently. */
  readonly since?: number;
}

/** Whether lines that were written can be written over: a terminal that is not dumb, with a person before it. */
export function canRedraw({ stderr, env }: Pick<CliContext, "stderr" | "env">): boolean {
  return stderr.isTTY === true && env.TERM !== "dumb" && !isRunningInCi(env);
}

/** Whether somebody can be asked. */
export function canAsk({ stdin, stderr, env }: Pick<CliContext, "stdin" | "stderr" | "env">): boolean {
  return stdin.isTTY === true && canRedraw({ stderr, env });
}

function isRunningInCi(env: CliContext["env"]): boolean {
  return env.CI !== undefined && env.CI !== "" && env.CI !== "false" && env.CI !== "0";
}

import type { RunEvent } from "@unitrain/core";
import type { RunView } from "@unitrain/view";
import type { CliContext } from "../../context/cli-context.ts";
import type { Line } from "../render/line.ts";

/** Shows a run while it is in progress. */
export interface Screen {
  /** The state of the run according to the events so far. */
  readonly view: RunView;
  show(event: RunEvent): void;
  /** Prints lines between those of the run's events. */
  print(lines: readonly Line[]): void;
  /** Hides the screen during a question. Events that happen meanwhile are shown after it. */
  aside<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
  /** Erases the redrawn part. Lines stay. Nothing may be shown afterwards. */
  close(): void;
}

export interface ScreenChoice {
  readonly json: boolean;
  /** Returns what Ctrl-C would do, for the last line of the screen. */
  readonly interruptHint: () => string;
  /** Events before this time (milliseconds since 1970) update the view but are not shown. */
  readonly since?: number;
}

/** Returns whether written lines can be overwritten: on a terminal that is not dumb, outside of CI. */
export function canRedraw({ stderr, env }: Pick<CliContext, "stderr" | "env">): boolean {
  return stderr.isTTY === true && env.TERM !== "dumb" && !isRunningInCi(env);
}

/** Returns whether a person can be asked. */
export function canAsk({ stdin, stderr, env }: Pick<CliContext, "stdin" | "stderr" | "env">): boolean {
  return stdin.isTTY === true && canRedraw({ stderr, env });
}

function isRunningInCi(env: CliContext["env"]): boolean {
  return env.CI !== undefined && env.CI !== "" && env.CI !== "false" && env.CI !== "0";
}

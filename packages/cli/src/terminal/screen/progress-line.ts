import { toPlainLine } from "@unitrain/core/spec";
import type { CliContext } from "../../context/cli-context.ts";
import { measureWidth, truncateText } from "../render/line.ts";
import { countRows } from "./erase.ts";
import { canRedraw } from "./screen.ts";

/** The minimum time between two lines if the output cannot be redrawn. */
const plainEveryMs = 10_000;

/** A line that shows the progress of a long step. */
export interface ProgressLine {
  update(message: string): void;
  /** Erases the line. Call it before other output and at the end. */
  clear(): void;
}

/** Creates a progress line. It is overwritten on a terminal; other output gets a plain line at most every ten seconds. */
export function createProgressLine(context: Pick<CliContext, "stderr" | "env" | "now">): ProgressLine {
  const { stderr, now } = context;
  const isRedrawn = canRedraw(context);
  let shown = "";
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  const erase = () => {
    if (shown === "") return;
    // The cursor is in the last row of the line, which a narrowed terminal has wrapped.
    const above = countRows([shown], measureWidth(stderr)) - 1;
    stderr.write(`\r\u001b[2K${"\u001b[1A\u001b[2K".repeat(above)}`);
    shown = "";
  };
  return {
    update(message) {
      const text = toPlainLine(message);
      if (isRedrawn) {
        erase();
        shown = truncateText(text, measureWidth(stderr) - 1);
        stderr.write(shown);
      } else if (now() - writtenAtMs >= plainEveryMs) {
        stderr.write(`${text}\n`);
        writtenAtMs = now();
      }
    },
    clear: erase,
  };
}

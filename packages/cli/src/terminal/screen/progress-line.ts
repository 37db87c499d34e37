import { toPlainLine } from "@unitrain/core/spec";
import type { CliContext } from "../../context/cli-context.ts";
import { measureWidth, truncateText } from "../render/line.ts";
import { countRows } from "./erase.ts";
import { canRedraw } from "./screen.ts";

/** Where lines stay, one comes only so often. */
const plainEveryMs = 10_000;

/** How far a long step is. */
export interface ProgressLine {
  update(message: string): void;
  /** Takes the line away: before anything else is written, and at the end. */
  clear(): void;
}

/** One line that is written over on a terminal; plain lines elsewhere, the first at once. */
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

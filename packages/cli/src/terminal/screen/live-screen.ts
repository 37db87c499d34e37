import { applyEvent, createRunView } from "@unitrain/view";
import type { CliContext } from "../../context/cli-context.ts";
import { renderEvent } from "../render/event.ts";
import { type Line, measureWidth, paintLines } from "../render/line.ts";
import { renderLiveBlock } from "../render/live-block.ts";
import { writeLines } from "../write.ts";
import { eraseLines } from "./erase.ts";
import type { Screen, ScreenChoice } from "./screen.ts";

/** Creates a screen for a terminal: events stay as lines, and the current state is redrawn below them up to ten times a second. */
export async function createLiveScreen(
  { stderr, now }: CliContext,
  { interruptHint, since = 0 }: ScreenChoice,
): Promise<Screen> {
  const { createLogUpdate } = await import("log-update");
  const view = createRunView();
  // The cursor stays visible, because a process that is killed could not restore it.
  const block = createLogUpdate(stderr, { showCursor: true });
  let shown: readonly string[] = [];
  let shownColumns = 0;
  let open = true;
  let kept: Line[] | undefined;
  const erase = () => {
    refreshSize(stderr);
    if (shown.length > 0 && measureWidth(stderr) < shownColumns) {
      block.done();
      stderr.write(eraseLines(shown, measureWidth(stderr)));
    } else if (shown.length > 0) block.clear();
    shown = [];
  };
  const draw = () => {
    if (!open || kept !== undefined) return;
    refreshSize(stderr);
    const width = measureWidth(stderr) - 1;
    const lines = paintLines(renderLiveBlock(view, now(), width, interruptHint()), stderr, width);
    if (lines.length === 0 || width + 1 < shownColumns) erase();
    shownColumns = width + 1;
    if (lines.length === 0) return;
    block(lines.join("\n"));
    shown = lines;
  };
  const print = (lines: readonly Line[]) => {
    if (lines.length === 0) return;
    if (kept !== undefined) {
      kept.push(...lines);
      return;
    }
    erase();
    writeLines(stderr, lines);
    draw();
  };
  const timer = setInterval(draw, redrawMs);
  timer.unref();
  return {
    view,
    show: (event) => {
      if (event.type === "log") return;
      if (!applyEvent(view, event)) return;
      if (Date.parse(event.at) >= since) print(renderEvent(event, view, measureWidth(stderr)));
    },
    print,
    aside: async (ask) => {
      erase();
      kept = [];
      try {
        return await ask();
      } finally {
        const lines = kept;
        kept = undefined;
        print(lines);
      }
    },
    close: () => {
      open = false;
      clearInterval(timer);
      erase();
    },
  };
}

const redrawMs = 100;

/**
 * Asks the terminal for its size. Node does so only after a signal, which arrives a moment after the terminal has wrapped its
 * lines. A frame drawn in between for the old width would leave lines that nothing erases.
 */
function refreshSize(stream: CliContext["stderr"] & { _refreshSize?(): void }): void {
  stream._refreshSize?.();
}

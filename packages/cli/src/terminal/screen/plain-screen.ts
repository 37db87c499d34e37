import { applyEvent, createRunView } from "@unitrain/view";
import type { CliContext } from "../../context/cli-context.ts";
import { formatEpoch, renderEvent } from "../render/event.ts";
import { type Line, measureWidth } from "../render/line.ts";
import { writeLines } from "../write.ts";
import type { Screen, ScreenChoice } from "./screen.ts";

/** Creates a screen for logs and pipes: it writes a line for each phase and each complete epoch, and redraws nothing. */
export function createPlainScreen({ stderr }: CliContext, { since = 0 }: ScreenChoice): Screen {
  const view = createRunView();
  const width = measureWidth(stderr);
  const print = (lines: readonly Line[]) => writeLines(stderr, lines);
  return {
    view,
    show: (event) => {
      if (event.type === "log") return;
      if (!applyEvent(view, event)) return;
      if (Date.parse(event.at) < since) return;
      if (event.type === "progress" && event.complete) print([["  ", formatEpoch(event, view)]]);
      else print(renderEvent(event, view, width));
    },
    print,
    aside: (ask) => ask(),
    close: () => {},
  };
}

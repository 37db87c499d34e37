import { applyEvent, createRunView } from "@unitrain/view";
import type { CliContext } from "../../context/cli-context.ts";
import { cleanAll } from "../render/clean.ts";
import { formatEpoch, renderEvent } from "../render/event.ts";
import { type Line, measureWidth, paintLines } from "../render/line.ts";
import type { Screen, ScreenChoice } from "./screen.ts";

/** Lines that are written once: one for each phase and each complete epoch, for logs and for readers that cannot redraw. */
export function createPlainScreen({ stderr }: CliContext, { since = 0 }: ScreenChoice): Screen {
  const view = createRunView();
  const width = measureWidth(stderr);
  const print = (lines: readonly Line[]) => {
    for (const line of paintLines(lines, stderr)) stderr.write(`${line}\n`);
  };
  return {
    view,
    show: (unsafeEvent) => {
      if (unsafeEvent.type === "log") return;
      const event = cleanAll(unsafeEvent);
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

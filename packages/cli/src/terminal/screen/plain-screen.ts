import { applyEvent, createRunView } from "@unitrain/view";
import type { CliContext } from "../../context/cli-context.ts";
import { cleanAll } from "../render/clean.ts";
import { epochLine, happened } from "../render/happened.ts";
import { type Line, measureWidth, painted } from "../render/line.ts";
import type { Screen, ScreenChoice } from "./screen.ts";

/** Lines that are written once: one for each phase and each complete epoch, for logs and for readers that cannot redraw. */
export function plainScreen({ stderr }: CliContext, { since = 0 }: ScreenChoice): Screen {
  const view = createRunView();
  const width = measureWidth(stderr);
  const print = (lines: readonly Line[]) => {
    for (const line of painted(lines, stderr)) stderr.write(`${line}\n`);
  };
  return {
    view,
    show: (unsafeEvent) => {
      if (unsafeEvent.type === "log") return;
      const event = cleanAll(unsafeEvent);
      if (!applyEvent(view, event)) return;
      if (Date.parse(event.at) < since) return;
      if (event.type === "progress" && event.complete) print([["  ", epochLine(event, view)]]);
      else print(happened(event, view, width));
    },
    print,
    aside: (ask) => ask(),
    close: () => {},
  };
}

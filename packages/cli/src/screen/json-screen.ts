import { painted } from "../render/line.ts";
import { emptyView, take } from "../render/run-view.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Screen } from "./screen.ts";

/** Every event as one line of JSON on stdout; talk goes to stderr. */
export function jsonScreen({ stdout, stderr }: Surroundings): Screen {
  const view = emptyView();
  return {
    view,
    show: (event) => {
      take(view, event);
      stdout.write(`${JSON.stringify(event)}\n`);
    },
    say: (lines) => {
      for (const line of painted(lines, stderr)) stderr.write(`${line}\n`);
    },
    aside: (ask) => ask(),
    close: () => {},
  };
}

import { applyEvent, createRunView } from "@unitrain/view";
import type { CliContext } from "../../context/cli-context.ts";
import { paintLines } from "../render/line.ts";
import type { Screen } from "./screen.ts";

/** Every event as one line of JSON on stdout; progress output goes to stderr. */
export function createJsonScreen({ stdout, stderr }: CliContext): Screen {
  const view = createRunView();
  return {
    view,
    show: (event) => {
      applyEvent(view, event);
      stdout.write(`${JSON.stringify(event)}\n`);
    },
    print: (lines) => {
      for (const line of paintLines(lines, stderr)) stderr.write(`${line}\n`);
    },
    aside: (ask) => ask(),
    close: () => {},
  };
}

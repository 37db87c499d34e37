import { applyEvent, createRunView } from "@unitrain/view";
import type { CliContext } from "../../context/cli-context.ts";
import { writeJson, writeLines } from "../write.ts";
import type { Screen } from "./screen.ts";

/** Creates a screen that writes every event as a line of JSON to stdout, and messages to stderr. */
export function createJsonScreen({ stdout, stderr }: CliContext): Screen {
  const view = createRunView();
  return {
    view,
    show: (event) => {
      applyEvent(view, event);
      writeJson(stdout, event);
    },
    print: (lines) => writeLines(stderr, lines),
    aside: (ask) => ask(),
    close: () => {},
  };
}

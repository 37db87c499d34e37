import type { CliContext } from "../../context/cli-context.ts";
import { canRedraw, type Screen, type ScreenChoice } from "./screen.ts";

/** Opens the screen for the output: JSON lines with `--json`, a redrawn screen on a terminal, and plain lines otherwise. */
export async function openScreen(context: CliContext, choice: ScreenChoice): Promise<Screen> {
  if (choice.json) return (await import("./json-screen.ts")).createJsonScreen(context);
  if (canRedraw(context)) return (await import("./live-screen.ts")).createLiveScreen(context, choice);
  return (await import("./plain-screen.ts")).createPlainScreen(context, choice);
}

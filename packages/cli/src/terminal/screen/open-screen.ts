import type { CliContext } from "../../context/cli-context.ts";
import { canRedraw, type Screen, type ScreenChoice } from "./screen.ts";

/** One JSON object a line, a screen that is redrawn on a terminal, plain lines elsewhere. */
export async function openScreen(context: CliContext, choice: ScreenChoice): Promise<Screen> {
  if (choice.json) return (await import("./json-screen.ts")).createJsonScreen(context);
  if (canRedraw(context)) return (await import("./live-screen.ts")).createLiveScreen(context, choice);
  return (await import("./plain-screen.ts")).createPlainScreen(context, choice);
}

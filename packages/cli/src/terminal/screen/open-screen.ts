import type { CliContext } from "../../context/cli-context.ts";
import { redraws, type Screen, type ScreenChoice } from "./screen.ts";

/** One JSON object a line, a screen that is redrawn on a terminal, plain lines elsewhere. */
export async function openScreen(context: CliContext, choice: ScreenChoice): Promise<Screen> {
  if (choice.json) return (await import("./json-screen.ts")).jsonScreen(context);
  if (redraws(context)) return (await import("./live-screen.ts")).liveScreen(context, choice);
  return (await import("./plain-screen.ts")).plainScreen(context, choice);
}

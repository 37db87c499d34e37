import type { Surroundings } from "../surroundings.ts";
import { redraws, type Screen, type ScreenChoice } from "./screen.ts";

/** One JSON object a line, a screen that is redrawn on a terminal, plain lines elsewhere. */
export async function openScreen(surroundings: Surroundings, choice: ScreenChoice): Promise<Screen> {
  if (choice.json) return (await import("./json-screen.ts")).jsonScreen(surroundings);
  if (redraws(surroundings)) return (await import("./live-screen.ts")).liveScreen(surroundings, choice);
  return (await import("./plain-screen.ts")).plainScreen(surroundings, choice);
}

import { formatDuration, formatPhaseName } from "@unitrain/view";
import { padText } from "./line.ts";

/** Returns how the line of a phase begins: its name and its time, aligned with those of the other phases. */
export function formatPhaseStart(phase: string, isRented: boolean, seconds: number): string {
  return `${padText(formatPhaseName(phase, isRented), nameWidth)} ${padText(formatDuration(seconds), timeWidth, "right")}`;
}

/** Room for the longest name of a phase. */
const nameWidth = 11;
const timeWidth = 7;

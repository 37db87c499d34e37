import { randomInt } from "node:crypto";
import { animals, colors } from "unique-names-generator";

/** Creates a unique id that sorts by time and can name a folder, a host and a tmux session: `20261124-001530-k3f9`. */
export function createRunId(now: number): string {
  const [date = "", time = ""] = new Date(now).toISOString().split("T");
  const random = randomInt(36 ** 4)
    .toString(36)
    .padStart(4, "0");
  return `${date.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}-${random}`;
}

/** Creates a random name that can be pronounced and that no run of this computer has: `amber-otter`. */
export function createRunName(usedNames: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = `${pick(colors)}-${pick(animals)}`.replaceAll(/[^a-z-]/g, "-");
    const candidate = number > 50 ? `${name}-${number}` : name;
    if (!usedNames.has(candidate)) return candidate;
  }
}

/** Turns the user's name for the results into a name for the run: `my first/run` becomes `my-first-run`. */
export function toRunName(text: string): string {
  const name = text
    .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[-_]+/, "")
    .slice(0, 63);
  return name === "" ? "run" : name;
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? "plain";
}

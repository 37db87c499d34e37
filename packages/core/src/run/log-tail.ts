const keptCharacters = 64 * 1024;

/** The end of a log, for errors and for looking a path up in it. */
export interface LogTail {
  add(text: string): void;
  text(): string;
  /** The last lines that say something; of a line that was drawn over and over, what was seen last. */
  lastLines(count: number): readonly string[];
}

export function createLogTail(): LogTail {
  let kept = "";
  return {
    add(text) {
      kept = (kept + text).slice(-keptCharacters);
    },
    text: () => kept,
    lastLines: (count) =>
      kept
        .split("\n")
        .map((line) => line.trimEnd().split("\r").at(-1)?.trimEnd() ?? "")
        .filter((line) => line !== "")
        .slice(-count),
  };
}

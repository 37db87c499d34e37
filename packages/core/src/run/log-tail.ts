const keptCharacters = 64 * 1024;

/** The end of a log, for errors and for looking a path up in it. */
export interface LogTail {
  add(text: string): void;
  text(): string;
  /** The last lines that say something; of a line that was drawn over and over, what was seen last. */
  lastLines(count: number): readonly string[];
}

export function createLogTail(): LogTail {
  let pieces: string[] = [];
  let characters = 0;
  // Joined only when twice as much is there as is kept: joining at each line would copy the whole tail for it.
  const shorten = (): string => {
    const kept = pieces.join("").slice(-keptCharacters);
    pieces = [kept];
    characters = kept.length;
    return kept;
  };
  return {
    add(text) {
      pieces.push(text);
      characters += text.length;
      if (characters > 2 * keptCharacters) shorten();
    },
    text: shorten,
    lastLines: (count) =>
      shorten()
        .split("\n")
        .map((line) => line.trimEnd().split("\r").at(-1)?.trimEnd() ?? "")
        .filter((line) => line !== "")
        .slice(-count),
  };
}

import { stripVTControlCharacters } from "node:util";

const keptCharacters = 64 * 1024;

/** The end of a log, to show it in errors and to find the path of the model in it. */
export interface LogTail {
  add(text: string): void;
  getText(): string;
  /** Returns the last lines that are neither empty nor progress bars. */
  getLastLines(count: number): readonly string[];
  /** Returns the last line, which may be a progress bar in its latest state. */
  getNewestLine(): string | undefined;
}

/** Matches the progress bars of Ultralytics, pip and tqdm: a bar with a percentage or a count. */
const progressBar = /[━─█▏▎▍▌▋▊▉╸╺]{2}.*\d\/\d|\d%.*[━─█▏▎▍▌▋▊▉╸╺]{2}|\d%\|.*\|\s*\S+\/\S+ \[/;
/** Matches text that may start in the middle of a line, after a progress bar. */
const interruption = /Traceback \(most recent call last\)/;

/** Matches lines that unitrain's own scripts print for it to read: `unitrain: the training failed: {"signal": 9}`. */
const ownNote = /^unitrain: [^{]*\{.*\}$/;

export function createLogTail(): LogTail {
  let pieces: string[] = [];
  let characters = 0;
  // Called only once the tail has twice the size to keep, because each call copies the whole tail.
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
    getText: shorten,
    getLastLines: (count) =>
      listVisibleLines(shorten())
        .map((line) => (progressBar.test(line) ? line.slice(findInterruption(line)) : line))
        .filter((line) => line !== "" && !ownNote.test(line))
        .slice(-count),
    getNewestLine: () => listVisibleLines(shorten()).at(-1),
  };
}

/** Returns the lines as a terminal would show them, without empty ones. */
function listVisibleLines(text: string): readonly string[] {
  return stripVTControlCharacters(text)
    .split("\n")
    .map((line) => line.trimEnd().split("\r").at(-1)?.trimEnd() ?? "")
    .filter((line) => line !== "");
}

function findInterruption(bar: string): number {
  return interruption.exec(bar)?.index ?? bar.length;
}

import { stripVTControlCharacters } from "node:util";

const keptCharacters = 64 * 1024;

/** The end of a log, for errors and for looking a path up in it. */
export interface LogTail {
  add(text: string): void;
  getText(): string;
  /** The last lines that say something, without progress bars. */
  getLastLines(count: number): readonly string[];
  /** The last line of all; of one that was drawn over and over, what was seen last. */
  getNewestLine(): string | undefined;
}

/** Of Ultralytics, pip and tqdm: a bar, and a percentage or how many of how many. */
const progressBar = /[━─█▏▎▍▌▋▊▉╸╺]{2}.*\d\/\d|\d%.*[━─█▏▎▍▌▋▊▉╸╺]{2}|\d%\|.*\|\s*\S+\/\S+ \[/;
/** What begins on the line of a bar that it interrupted. */
const interruption = /Traceback \(most recent call last\)/;

/** What a launcher of ours prints for us to read: `unitrain: the training failed: {"signal": 9}`. */
const ownNote = /^unitrain: [^{]*\{.*\}$/;

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
    getText: shorten,
    getLastLines: (count) =>
      listVisibleLines(shorten())
        .map((line) => (progressBar.test(line) ? line.slice(findInterruption(line)) : line))
        .filter((line) => line !== "" && !ownNote.test(line))
        .slice(-count),
    getNewestLine: () => listVisibleLines(shorten()).at(-1),
  };
}

/** As they look at the end; empty ones left out. */
function listVisibleLines(text: string): readonly string[] {
  return stripVTControlCharacters(text)
    .split("\n")
    .map((line) => line.trimEnd().split("\r").at(-1)?.trimEnd() ?? "")
    .filter((line) => line !== "");
}

function findInterruption(bar: string): number {
  return interruption.exec(bar)?.index ?? bar.length;
}

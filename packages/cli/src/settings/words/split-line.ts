/** Splits a line into words as a shell does: at spaces, unless they are quoted or escaped. An escaped line end is a space. */
export function splitLine(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.replace(/\\\r?\n/g, " ").matchAll(wordPattern)) {
    words.push(word.replace(partPattern, (_, double, single, escaped) => double ?? single ?? escaped));
  }
  return words;
}

const wordPattern = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/gs;
const partPattern = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs;

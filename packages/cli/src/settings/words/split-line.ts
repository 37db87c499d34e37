/** The words of a line as a shell would make them of it: spaces part, quotes and backslashes keep together; a line end that is escaped is none. */
export function splitLine(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.replace(/\\\r?\n/g, " ").matchAll(wordPattern)) {
    words.push(word.replace(partPattern, (_, double, single, escaped) => double ?? single ?? escaped));
  }
  return words;
}

const wordPattern = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/gs;
const partPattern = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs;

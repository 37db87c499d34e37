/**
 * Joins lists that a shell has split at spaces (`imgsz=[64,` and `32]`). Removes trailing commas, and words that are only a
 * dash or a backslash, which pasted lines often contain.
 */
export function joinLists(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let depth = 0;
  for (const word of words) {
    if (depth > 0) joined[joined.length - 1] += word;
    else if (!/^[-–—\\]+$/.test(word)) joined.push(word);
    else continue;
    depth = Math.max(0, depth + countOpenBrackets(depth > 0 ? word : getSettingValue(word)));
  }
  return joined.map((word) => (getSettingValue(word) === "" ? word : word.replace(/(=.*?),+$/s, "$1")));
}

const getSettingValue = (word: string): string => /^[A-Za-z_][\w.-]*=(.*)$/s.exec(word)?.[1] ?? "";

function countOpenBrackets(text: string): number {
  return (text.match(/[[(]/g)?.length ?? 0) - (text.match(/[\])]/g)?.length ?? 0);
}

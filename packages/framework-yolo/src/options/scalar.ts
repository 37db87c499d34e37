/** The value of an argument of `yolo train`. `null` stands for Python's `None`. */
export type ArgumentValue = string | number | boolean | null | readonly ArgumentValue[];

const number = /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Parses a value as Ultralytics' command line does: `True`, `None`, a number, a list, or text. */
export function parseScalar(text: string): ArgumentValue {
  const trimmed = text.trim();
  const word = parseConstant(trimmed);
  if (word !== undefined) return word;
  if (number.test(trimmed)) return Number(trimmed.replaceAll("_", ""));
  const quoted = /^(['"])(.*)\1$/s.exec(trimmed);
  if (quoted?.[2] !== undefined && !quoted[2].includes(quoted[1] ?? "")) return quoted[2];
  return parseList(trimmed) ?? trimmed;
}

/** Formats a value for that command line. */
export function formatArgument(value: ArgumentValue): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(formatListItem).join(",")}]`;
  return String(value);
}

const formatListItem = (value: ArgumentValue): string =>
  typeof value === "string" ? `'${value.replaceAll("'", "")}'` : formatArgument(value);

function parseConstant(text: string): ArgumentValue | undefined {
  switch (text.toLowerCase()) {
    case "none":
      return null;
    case "true":
      return true;
    case "false":
      return false;
    default:
      return undefined;
  }
}

/** Parses `[1, 2]`, `(0.5, 1.5)` or `['a', [1, 2]]`; undefined for other text. */
function parseList(text: string): readonly ArgumentValue[] | undefined {
  if (!/^(?:\[.*\]|\(.*\))$/s.test(text)) return undefined;
  const inner = text.slice(1, -1).trim();
  if (inner === "") return [];
  const items: string[] = [""];
  let depth = 0;
  for (const letter of inner) {
    if (letter === "[" || letter === "(") depth++;
    if (letter === "]" || letter === ")") depth--;
    if (depth < 0) return undefined;
    if (letter === "," && depth === 0) items.push("");
    else items[items.length - 1] += letter;
  }
  if (items.at(-1)?.trim() === "") items.pop();
  return depth === 0 ? items.map((item) => parseScalar(item)) : undefined;
}

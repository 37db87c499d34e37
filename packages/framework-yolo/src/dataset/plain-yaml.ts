/** A yaml that was read without the library. */
export interface PlainYaml {
  readonly values: Readonly<Record<string, unknown>>;
  /** From 1, by key. */
  readonly lines: ReadonlyMap<string, number>;
}

/** What every reader of YAML takes for text: no quotes, no digits at the beginning, no `yes`. */
const word = "(?!(?:y|n|yes|no|true|false|on|off|null)\\b)[A-Za-z][A-Za-z0-9_-]*";
const text = new RegExp(`^${word}(?: [A-Za-z0-9_-]+)*$`, "i");
const path = new RegExp(`^(?:\\.{0,2}/)?${word}(?:\\.[A-Za-z0-9_-]+)*(?:/[A-Za-z0-9_.-]+)*/?$`, "i");
const wholeNumber = /^(?:0|[1-9]\d{0,8})$/;

const blank = /^ *(?:#.*)?$/;
const keyAndValue = new RegExp(`^(${word}):(?: +(\\S.*?))? *$`, "i");
const listItem = /^( *)- +(\S.*?) *$/;
const mapItem = /^( +)(\d+): +(\S.*?) *$/;

/**
 * Reads the yaml that most datasets have: paths of splits, `nc`, and `names` as a list or by id. Undefined for everything else,
 * also for what may be wrong: the library decides on that.
 *
 * The library takes 7 of the 120 ms of a `plan`, since all of its code runs for the first time; this takes less than one.
 */
export function readPlainYaml(yaml: string): PlainYaml | undefined {
  const values: Record<string, unknown> = {};
  const lines = new Map<string, number>();
  const rows = yaml.split("\n");
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? "";
    if (blank.test(row)) continue;
    const [, key, value] = keyAndValue.exec(row) ?? [];
    if (key === undefined || lines.has(key)) return undefined;
    lines.set(key, at + 1);
    if (value !== undefined) {
      values[key] = readValue(value);
    } else if (key === "names") {
      const block = readNames(rows, at + 1);
      values[key] = block?.names;
      at = (block?.end ?? at) - 1;
    }
    if (values[key] === undefined) return undefined;
  }
  return lines.size === 0 ? undefined : { values, lines };
}

function readValue(value: string): string | number | readonly string[] | undefined {
  if (wholeNumber.test(value)) return Number(value);
  if (text.test(value) || path.test(value)) return value;
  const items = /^\[ *(.*?) *\]$/.exec(value)?.[1]?.split(/ *, */);
  return items?.every((item) => text.test(item)) ? items : undefined;
}

/** The rows below `names:`, all of one kind and equally indented, and the number of the row behind them. */
function readNames(rows: readonly string[], from: number) {
  const list: string[] = [];
  const byId: Record<string, string> = {};
  let indent: string | undefined;
  let end = from;
  for (; end < rows.length; end++) {
    const row = rows[end] ?? "";
    if (blank.test(row)) continue;
    const item = listItem.exec(row);
    const entry = mapItem.exec(row);
    const indentation = item?.[1] ?? entry?.[1];
    const name = item?.[2] ?? entry?.[3];
    const id = entry?.[2] ?? "";
    if (name === undefined) break;
    indent ??= indentation;
    if (indentation !== indent || !text.test(name)) return undefined;
    if (item !== null) list.push(name);
    else if (!wholeNumber.test(id) || id in byId) return undefined;
    else byId[id] = name;
  }
  const count = Object.keys(byId).length;
  if ((list.length === 0) === (count === 0)) return undefined;
  return { names: count === 0 ? list : byId, end };
}

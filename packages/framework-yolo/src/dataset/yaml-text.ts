import { type Document, LineCounter, parseDocument, type YAMLParseError } from "yaml";
import { decodeText } from "./decode-text.ts";

/** A parsed YAML file. */
export interface ParsedYaml {
  readonly document: Document;
  readonly lines: LineCounter;
  /** The first thing in it that PyYAML would not read either. */
  readonly error: YAMLParseError | undefined;
}

/** Parses YAML as PyYAML reads it. */
export function parseYaml(bytes: Uint8Array): ParsedYaml {
  const text = decodeText(bytes);
  const parsed = parse(text);
  if (parsed.error === undefined) return parsed;
  const indented = parse(indentLists(text));
  return indented.error === undefined ? indented : parsed;
}

function parse(text: string): ParsedYaml {
  const lines = new LineCounter();
  // PyYAML lets the last of several equal keys win.
  const options = { lineCounter: lines, merge: true, uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  return { document, lines, error: document.errors[0] };
}

/**
 * Indents the lines of a list that begins with `names: [` and goes on at the beginning of the next lines. YAML forbids that,
 * PyYAML reads it, and people write it.
 */
function indentLists(text: string): string {
  let depth = 0;
  return text
    .split("\n")
    .map((line) => {
      const indented = depth > 0 ? ` ${line}` : line;
      const plain = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|(?:^|\s)#.*/g, "");
      depth += plain.split(/[[{]/).length - plain.split(/[\]}]/).length;
      return indented;
    })
    .join("\n");
}

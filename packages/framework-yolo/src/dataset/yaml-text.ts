import { type Document, LineCounter, parseDocument, stringify, type YAMLParseError } from "yaml";
import { decodeText } from "./decode-text.ts";

/** A parsed YAML file. */
export interface ParsedYaml {
  readonly document: Document;
  readonly lines: LineCounter;
  /** The first error that PyYAML would report too. */
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

/** Formats values as YAML that PyYAML reads as the same values. */
export const formatYaml = (values: Readonly<Record<string, unknown>>): string =>
  stringify(values, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });

function parse(text: string): ParsedYaml {
  const lines = new LineCounter();
  // As in PyYAML, the last of several equal keys is used.
  const options = { lineCounter: lines, merge: true, uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  return { document, lines, error: document.errors[0] };
}

/**
 * Indents lines of a list that starts with `names: [` and continues at the beginning of the next lines. YAML forbids
 * this form, but PyYAML reads it and users write it.
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

import { isMap } from "yaml";
import type { DataYaml } from "./data-yaml.ts";
import { createDatasetError } from "./find-yaml.ts";
import { formatPath } from "./findings.ts";
import { readWrittenNames } from "./written-names.ts";
import { parseYaml } from "./yaml-text.ts";

/** Reads any data.yaml with the library. Throws `INVALID_DATASET`, with the line, when it is not a valid YAML mapping. */
export function readAnyYaml(file: string, bytes: Uint8Array): DataYaml {
  const { document, lines, error } = parseYaml(bytes);
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    throw createDatasetError(
      `${formatPath(file)}${line === undefined ? "" : `:${line}`} is not valid yaml: ${firstLine(error.message)}`,
      "Indent with spaces, and put a space behind each colon.",
      error,
    );
  }
  const values: unknown = toValues(file, () => document.toJS());
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw createDatasetError(
      `${formatPath(file)} has no keys such as train, val and names.`,
      "See Ultralytics' dataset format.",
    );
  }
  const offsets = new Map<string, number>();
  for (const { key } of isMap(document.contents) ? document.contents.items : []) {
    const node = key as { value?: unknown; range?: readonly [number, number, number] };
    if (node.range) offsets.set(String(node.value), node.range[0]);
  }
  const names = readWrittenNames(document);
  return {
    file,
    values: { ...(values as Readonly<Record<string, unknown>>), ...(names === undefined ? {} : { names }) },
    getLine: (key) => {
      const offset = offsets.get(key);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

function toValues(file: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    throw createDatasetError(
      `${formatPath(file)} cannot be read: ${firstLine(String(cause))}`,
      undefined,
      cause,
    );
  }
}

/** Returns the first line without the position, which is displayed separately, and without advice to programmers. */
const firstLine = (text: string): string =>
  text
    .split("\n")[0]
    ?.replace(/ at line \d+, column \d+:?$/, "")
    .replace(/; please use YAML\.\w+\(\)$/, "") ?? text;

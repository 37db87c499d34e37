import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from "yaml";

/**
 * Reads the class names as text. YAML parsers turn `08`, `1.0`, `1e3`, `0o17`, `yes` and 18-digit numbers into other
 * types, each in its own way, but users mean the text. Undefined when `names` is neither a list nor a map, or is merged
 * by `<<`.
 */
export function readWrittenNames(
  document: Document,
): readonly unknown[] | Record<string, unknown> | undefined {
  if (!isMap(document.contents)) return undefined;
  // The last key is used, as in PyYAML.
  const pair = document.contents.items.findLast(({ key }) => isScalar(key) && key.value === "names");
  const names = resolveAlias(pair?.value, document);
  if (isSeq(names)) return names.items.map((item) => getWrittenText(item, document));
  if (!isMap(names) || names.items.some(({ key }) => isScalar(key) && key.value === "<<")) return undefined;
  return Object.fromEntries(
    names.items.map(({ key, value }) => [
      String(getWrittenText(key, document)),
      getWrittenText(value, document),
    ]),
  );
}

/** Returns the text of a scalar, null for an empty one, and undefined for a list or map. */
function getWrittenText(value: unknown, document: Document): string | null | undefined {
  const node = resolveAlias(value, document);
  if (node === null) return null;
  if (!isScalar(node)) return undefined;
  if (typeof node.value === "string") return node.value;
  return node.source === undefined || node.source === "" ? null : node.source;
}

function resolveAlias(value: unknown, document: Document): Node | null | undefined {
  if (value === null) return null;
  return isAlias(value) ? value.resolve(document) : (value as Node | undefined);
}

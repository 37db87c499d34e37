import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from "yaml";

/**
 * The names of the classes as they were written. YAML takes `08`, `1.0`, `1e3`, `0o17`, `yes` or a number of 18 digits for
 * something other than text, and each reader for something else; people mean what they wrote. Undefined where `names` is
 * neither a list nor a map, or comes from elsewhere in the file by `<<`.
 */
export function readWrittenNames(
  document: Document,
): readonly unknown[] | Record<string, unknown> | undefined {
  if (!isMap(document.contents)) return undefined;
  // The last one counts, as it does for PyYAML.
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

/** Text for every scalar; null for one of which nothing was written; undefined for a list or map. */
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

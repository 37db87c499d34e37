import type { StoredItem } from "@unitrain/core";
import { formatAge, formatBytes } from "@unitrain/view";
import type { Line } from "./line.ts";
import { renderTable } from "./table.ts";

/** Renders the stored files of a machine, oldest first, and whether each will be removed. */
export function renderStoredItems(
  items: readonly StoredItem[],
  chosen: readonly StoredItem[],
  width: number,
): Line[] {
  if (items.length === 0) return [["The machine has no files of unitrain."]];
  const paths = new Set(chosen.map(({ path }) => path));
  const rows = [...items]
    .sort((a, b) => a.usedAt - b.usedAt)
    .map(({ kind, name, sizeBytes, usedAt, inUse, path }) => ({
      cells: [
        kind,
        name,
        formatBytes(sizeBytes),
        formatAge(Date.now() - usedAt),
        inUse ?? (paths.has(path) ? "to be removed" : "kept: used recently"),
      ],
    }));
  return renderTable(
    [
      { head: "KIND", align: "left" },
      { head: "NAME", align: "left", shrinksTo: 24 },
      { head: "SIZE", align: "right" },
      { head: "LAST USED", align: "right" },
      { head: "", align: "left" },
    ],
    rows,
    width,
  );
}

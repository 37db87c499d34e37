import type { Inspection } from "@unitrain/core";
import { formatAge, formatBytes, formatCount } from "@unitrain/view";
import type { CheckResult } from "./check-result.ts";

const mostShown = 20;

/** Lists what unitrain stores on a machine, the largest first. */
export function inspectStored(stored: Extract<Inspection, { state: "connected" }>["stored"]): CheckResult[] {
  const name = "stored there";
  if ("problem" in stored)
    return [{ state: "note", name, found: `cannot be listed: ${stored.problem.split("\n")[0]}` }];
  const items = [...stored.items].sort((a, b) => b.sizeBytes - a.sizeBytes);
  if (items.length === 0) return [{ state: "note", name, found: "nothing of ours" }];
  const bytes = items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [
    {
      state: "note",
      name,
      found: `${formatCount(items.length, "folder")}, ${formatBytes(bytes)} in all`,
      hint: "`unitrain clean` removes what nothing uses.",
    },
    ...items.slice(0, mostShown).map(
      ({ kind, name, sizeBytes, usedAt, inUse }): CheckResult => ({
        state: "note",
        name: kind,
        found: `${name}, ${formatBytes(sizeBytes)}, ${inUse ?? `used ${formatAge(Date.now() - usedAt)} ago`}`,
      }),
    ),
  ];
}

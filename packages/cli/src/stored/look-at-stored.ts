import type { CallContext, MachineFacts, Session } from "@unitrain/core";
import type { Look } from "../doctor/look.ts";
import { counted, size } from "../render/figures.ts";
import { ageText } from "./age.ts";
import { listStored } from "./list-stored.ts";

const mostShown = 20;

/** What of ours lies on a machine, the largest first. That it cannot be told is no fault of the machine. */
export async function lookAtStored(
  session: Session,
  facts: MachineFacts,
  context: CallContext,
): Promise<Look[]> {
  try {
    const items = [...(await listStored(session, facts, context, []))].sort(
      (a, b) => b.sizeBytes - a.sizeBytes,
    );
    if (items.length === 0) return [{ state: "note", what: "stored there", found: "nothing of ours" }];
    const bytes = items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return [
      {
        state: "note",
        what: "stored there",
        found: `${counted(items.length, "folder")}, ${size(bytes)} in all`,
        hint: "`unitrain clean` removes what nothing uses.",
      },
      ...items.slice(0, mostShown).map(
        ({ kind, name, sizeBytes, usedAt, inUse }): Look => ({
          state: "note",
          what: kind,
          found: `${name}, ${size(sizeBytes)}, ${inUse ?? `used ${ageText(Date.now() - usedAt)} ago`}`,
        }),
      ),
    ];
  } catch (error) {
    const found = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return [{ state: "note", what: "stored there", found: `cannot be listed: ${found}` }];
  }
}

import type { Quote, Resource } from "@unitrain/core/spec";
import { readChoice } from "./choose/choice.ts";
import { describeCost, getResourceName, type Kind } from "./names.ts";

/** Lists what `lease` may create, marked as not requested yet, so that releasing need not look for what stays so. */
export function listPlannedResources(leaseId: string, quote: Quote): readonly Resource[] {
  const { project, regions } = readChoice(quote);
  const [region = ""] = regions;
  const kinds: readonly Kind[] = ["ssh-key", "instance", "address"];
  return kinds.map((kind) => ({
    kind,
    name: getResourceName(leaseId),
    region,
    onRelease: "delete",
    ...describeCost(kind),
    reference: { project, regions, asked: false },
  }));
}

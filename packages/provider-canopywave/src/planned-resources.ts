import type { Quote, Resource } from "@unitrain/core/spec";
import { choiceOf } from "./choose/choice.ts";
import { freeOf, type Kind, nameOf } from "./names.ts";

/** What `lease` may create, noted as not asked for yet: what stays so needs no looking for. */
export function listPlannedResources(leaseId: string, quote: Quote): readonly Resource[] {
  const { project, regions } = choiceOf(quote);
  const [region = ""] = regions;
  const kinds: readonly Kind[] = ["ssh-key", "instance", "address"];
  return kinds.map((kind) => ({
    kind,
    name: nameOf(leaseId),
    region,
    onRelease: "delete",
    ...freeOf(kind),
    reference: { project, regions, asked: false },
  }));
}

import type { Quote, Resource } from "@unitrain/core/spec";
import { demand } from "../../suite/demand.ts";
import { findJsonFault } from "../../suite/texts.ts";
import { describeResources, providerRules, rent } from "../rule.ts";
import type { ProviderBed } from "../testbed.ts";

/** Rules about `listPlannedResources`: what is in the ledger before anything is requested. */
export const planRules = providerRules([
  {
    id: "provider/plan-is-pure",
    demand:
      "`listPlannedResources` returns the same JSON for the same input, because core may call it again.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const { id, planned, quote } = await planLease(bed);
      const fault = findJsonFault(planned);
      demand(fault === undefined, `In the planned resources, ${fault}, which JSON does not keep.`);
      const again = bed.provider.listPlannedResources(id, quote);
      demand(
        JSON.stringify(again) === JSON.stringify(planned),
        "listPlannedResources() returned something else when it was called again. Derive everything from its input.",
      );
    },
  },
  {
    id: "provider/names-contain-the-lease",
    demand:
      "The name of each planned resource contains the lease id, so that it can be found by its name alone.",
    needs: ["rental"],
    async check(start) {
      const { id, planned } = await planLease(await start());
      demand(planned.length > 0, "listPlannedResources() is empty. List everything that lease() may create.");
      const wrong = planned.filter(({ name }) => !name.includes(id));
      demand(
        wrong.length === 0,
        `The names of ${describeResources(wrong)} do not contain the lease id ${id}. Name them unitrain-\${leaseId}.`,
      );
    },
  },
  {
    id: "provider/creates-only-what-is-planned",
    demand:
      "`lease` creates no resource that was not planned, because only planned resources survive a crash in the ledger.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const { planned } = await planLease(bed);
      await rent(bed);
      const kinds = new Set(planned.map(({ kind }) => kind));
      const unplanned = (await bed.listOurs()).filter(({ kind }) => !kinds.has(kind));
      demand(
        unplanned.length === 0,
        `lease() created ${describeResources(unplanned)}, which listPlannedResources() does not list. Add it there.`,
      );
    },
  },
]);

async function planLease(
  bed: ProviderBed,
): Promise<{ readonly id: string; readonly quote: Quote; readonly planned: readonly Resource[] }> {
  const { provider, subject } = bed;
  const lease = bed.lease();
  const quote = await provider.quote(subject.request ?? { diskBytes: 1e9 }, lease.context());
  return { id: lease.id, quote, planned: provider.listPlannedResources(lease.id, quote) };
}

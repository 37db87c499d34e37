import { demand } from "../../suite/demand.ts";
import { demandNothingLeft, describeResources, providerRules } from "../rule.ts";
import type { ProviderBed } from "../testbed.ts";

/** Rules about requests that create something and whose answer does not arrive. */
export const lostAnswerRules = providerRules([
  {
    id: "provider/lost-answer-creates-no-second",
    demand:
      "After a lost answer, `lease` looks the resource up by its name before it requests it again, because a second one costs money too.",
    needs: ["rental", "lost-answer"],
    async check(start) {
      await forEachKind(start, async (kind) => {
        const bed = await start();
        await rentWith(bed, () => bed.play("lost-answer", kind));
        await bed.clock.wait(300_000);
        const twins = (await bed.listOurs()).filter((existing) => existing.kind === kind);
        demand(
          twins.length <= 1,
          `After the answer to the request for the ${kind} was lost, ${twins.length} exist: ${describeResources(twins)}. Look it up by its name before you repeat the request.`,
        );
      });
    },
  },
  {
    id: "provider/lost-answer-leaves-nothing",
    demand:
      "A resource whose answer was lost can be released, because it exists and costs money although its id is unknown.",
    needs: ["rental", "lost-answer"],
    async check(start) {
      await forEachKind(start, async (kind) => {
        const bed = await start();
        const lease = await rentWith(bed, () => bed.play("lost-answer", kind));
        await bed.releaseAll(lease);
        await demandNothingLeft(
          bed,
          `After the answer to the request for the ${kind} was lost and all was released`,
        );
      });
    },
  },
  {
    id: "provider/twin-is-released",
    demand:
      "If the cloud has executed a request twice, both resources are released, because both cost money under the same name.",
    needs: ["rental", "created-twice"],
    async check(start) {
      await forEachKind(start, async (kind) => {
        const bed = await start();
        const lease = await rentWith(bed, () => bed.play("created-twice", kind));
        await bed.releaseAll(lease);
        await demandNothingLeft(bed, `After the cloud had created the ${kind} twice and all was released`);
      });
    },
  },
]);

/** Rents with a fault that begins after the quote. Whether `lease` succeeds then does not matter. */
async function rentWith(bed: ProviderBed, fault: () => Promise<void>) {
  const lease = bed.lease();
  const quote = await bed.provider.quote(bed.subject.request ?? { diskBytes: 1e9 }, lease.context());
  await fault();
  await lease.rent({ quote });
  bed.clearFaults();
  return lease;
}

/** Checks each kind of planned resource, side by side. */
async function forEachKind(
  start: () => Promise<ProviderBed>,
  check: (kind: string) => Promise<void>,
): Promise<void> {
  const bed = await start();
  const lease = bed.lease();
  const quote = await bed.provider.quote(bed.subject.request ?? { diskBytes: 1e9 }, lease.context());
  const kinds = bed.provider.listPlannedResources(lease.id, quote).map(({ kind }) => kind);
  await Promise.all([...new Set(kinds)].map(check));
}

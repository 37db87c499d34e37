import { demand } from "../../suite/demand.ts";
import { demandNothingLeft, describeResources, providerRules, rent } from "../rule.ts";

/** Rules about `list`, with which `gc` finds what no ledger knows, and about the costs of a resource. */
export const listRules = providerRules([
  {
    id: "provider/list-finds-everything",
    demand: "`list` finds every named resource of a lease, because a ledger may be lost with its computer.",
    needs: ["rental", "list"],
    async check(start) {
      const bed = await start();
      await (await rent(bed)).waitUntilRunning();
      const listed = (await bed.provider.list?.(bed.lease().context())) ?? [];
      const missing = (await bed.listOurs()).filter(
        ({ kind, id, name }) =>
          name !== undefined &&
          !listed.some((one) => one.kind === kind && (one.id === id || one.name === name)),
      );
      demand(
        missing.length === 0,
        `list() does not return ${describeResources(missing)}. List every kind, on every page.`,
      );
    },
  },
  {
    id: "provider/list-names-only-ours",
    demand: "`list` returns no resource of other people, because `gc` offers to release what it returns.",
    needs: ["rental", "list"],
    async check(start) {
      const bed = await start();
      await rent(bed);
      const ours = await bed.listOurs();
      const listed = (await bed.provider.list?.(bed.lease().context())) ?? [];
      const foreign = listed.filter(
        ({ kind, id, name }) =>
          !ours.some((one) => one.kind === kind && (one.id === id || one.name === name)),
      );
      demand(
        foreign.length === 0,
        `list() returned ${describeResources(foreign)}, which belong to others. Accept only names like unitrain-<installation>-<run>-<n>.`,
      );
    },
  },
  {
    id: "provider/list-can-be-released",
    demand:
      "What `list` returns is complete enough for `release`, because there is no ledger to complete it.",
    needs: ["rental", "list"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      await lease.waitUntilRunning();
      const listed = (await bed.provider.list?.(lease.context())) ?? [];
      await bed.releaseAll(lease, listed);
      await demandNothingLeft(
        bed,
        'After release() of what list() returned (return id, region and onRelease "delete")',
        ({ kind, id, name }) =>
          listed.some((one) => one.kind === kind && (one.id === id || one.name === name)),
      );
    },
  },
  {
    id: "provider/free-resources-are-declared",
    demand:
      "`free` is true for exactly the resources that cost nothing, because a leftover one is reported as a cost or not.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const { provider } = bed;
      const lease = bed.lease();
      const quote = await provider.quote(bed.subject.request ?? { diskBytes: 1e9 }, lease.context());
      const planned = provider.listPlannedResources(lease.id, quote);
      const rented = await rent(bed);
      await rented.waitUntilRunning();
      const recorded = rented.ledger();
      const listed = (await provider.list?.(lease.context())) ?? [];
      const isFree = new Map((await bed.listOurs()).map((one) => [one.kind, one.isFree]));
      for (const [where, resources] of Object.entries({
        listPlannedResources: planned,
        record: recorded,
        list: listed,
      })) {
        for (const { kind, free = false } of resources) {
          const expected = isFree.get(kind);
          demand(
            expected === undefined || expected === free,
            `The ${kind} of ${where}() has free: ${free}, but it ${expected ? "costs nothing" : "costs money"}. Set \`free\` to ${expected}.`,
          );
        }
      }
    },
  },
]);

import { attempt, demand, describeError } from "../../suite/demand.ts";
import { demandNothingLeft, describeResources, providerRules, rent } from "../rule.ts";
import { subtract } from "../testbed.ts";

/** Rules about `release`: what ends the cost. */
export const releaseRules = providerRules([
  {
    id: "provider/release-proves-everything",
    demand:
      "`release`, called repeatedly, returns a proof for each resource, because core keeps the run open until it has them all.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const { unproven, errors } = await bed.releaseAll(await rent(bed));
      const reason = errors.length === 0 ? "" : ` The last error: ${describeError(errors.at(-1))}.`;
      demand(
        unproven.length === 0,
        `After ten calls of release(), there is no proof for ${describeResources(unproven)}.${reason} Return a proof once a resource is gone.`,
      );
    },
  },
  {
    id: "provider/proof-means-gone",
    demand:
      "A proof is returned only when the cloud no longer has the resource, because core stops looking after it.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      const proofs = await bed.provider.release(lease.ledger(), lease.context());
      const ours = await bed.listOurs();
      const premature = ours.filter(({ kind, id }) =>
        proofs.some(({ resource }) => resource.kind === kind && resource.id === id),
      );
      demand(
        premature.length === 0,
        `release() returned a proof for ${describeResources(premature)}, which the cloud still has. Look again after the request to delete, until the cloud has no such resource.`,
      );
    },
  },
  {
    id: "provider/release-is-idempotent",
    demand:
      "`release` succeeds for resources that are gone already, because core calls it again after a crash or a lost answer.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      const proven = (await bed.releaseAll(lease)).proofs.map(({ resource }) => resource);
      for (const by of [bed.provider, bed.recreate()]) {
        const { unproven, errors } = await bed.releaseAll(lease, proven, by);
        const reason = errors.length === 0 ? "" : ` (${describeError(errors.at(-1))})`;
        demand(
          unproven.length === 0,
          `When everything was gone, release() returned no proof for ${describeResources(unproven)}${reason}. Treat "not found" as gone.`,
        );
      }
    },
  },
  {
    id: "provider/release-before-lease",
    demand:
      "`release` proves resources that were only planned as gone, because a run may end before anything is requested.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const lease = bed.lease();
      const { provider, subject } = bed;
      const quote = await provider.quote(subject.request ?? { diskBytes: 1e9 }, lease.context());
      const recordedAt = new Date(bed.clock.now()).toISOString();
      const planned = provider
        .listPlannedResources(lease.id, quote)
        .map((resource) => ({ ...resource, recordedAt }));
      const { unproven, errors } = await bed.releaseAll(lease, planned);
      const reason = errors.length === 0 ? "" : ` (${describeError(errors.at(-1))})`;
      demand(
        unproven.length === 0,
        `release() returned no proof for ${describeResources(unproven)}, which were never requested${reason}. Look them up by name, and prove that there is nothing.`,
      );
    },
  },
  {
    id: "provider/release-touches-only-its-lease",
    demand:
      "`release` leaves the resources of other leases and other people alone, also if their names begin alike.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed, {}, 1);
      const ours = await bed.listOurs();
      // The name of the eleventh machine begins with the name of the first.
      await rent(bed, {}, 11);
      const theirs = subtract(await bed.listOurs(), ours);
      await bed.releaseAll(lease);
      const lost = [...subtract(theirs, await bed.listOurs()), ...(await bed.listLostOthers())];
      demand(
        lost.length === 0,
        `release() of one lease also released ${describeResources(lost)}, which do not belong to it. Compare whole names.`,
      );
    },
  },
  {
    id: "provider/kept-resources-are-kept",
    demand: '`release` leaves resources with `onRelease: "keep"` alone, because they existed before the run.',
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      const before = await bed.listOurs();
      const kept = lease.ledger().map((resource) => ({ ...resource, onRelease: "keep" as const }));
      await attempt("release()", bed.provider.release(kept, lease.context()), bed.callLimitMs);
      const after = await bed.listOurs();
      demand(
        after.length === before.length,
        `release() deleted ${before.length - after.length} resources with onRelease "keep". Filter them out first.`,
      );
    },
  },
  {
    id: "provider/ignored-delete-is-noticed",
    demand: "A well-answered request to delete proves nothing, because some clouds answer it and do nothing.",
    needs: ["rental", "ignored-delete"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      await bed.play("ignored-delete");
      await bed.releaseAll(lease);
      await demandNothingLeft(bed, "After a request to delete was ignored and all was released");
    },
  },
  {
    id: "provider/unreachable-is-no-proof",
    demand:
      "`release` returns no proof while the cloud cannot be asked, because a resource that cannot be seen still costs money.",
    needs: ["rental", "outage"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      await bed.play("outage");
      const released = await attempt(
        "release()",
        bed.provider.release(lease.ledger(), lease.context()),
        bed.callLimitMs,
      );
      const proofs = "value" in released ? released.value : [];
      demand(
        proofs.length === 0,
        `During an outage, release() returned a proof for ${describeResources(proofs.map(({ resource }) => resource))}. Let the error pass.`,
      );
    },
  },
  {
    id: "provider/refused-key-is-no-proof",
    demand:
      "`release` returns no proof while the cloud refuses the key, because another key may see the resource.",
    needs: ["rental", "unauthorized"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      await bed.play("unauthorized");
      const released = await attempt(
        "release()",
        bed.provider.release(lease.ledger(), lease.context()),
        bed.callLimitMs,
      );
      const proofs = "value" in released ? released.value : [];
      demand(
        proofs.length === 0,
        `While the key was refused, release() returned a proof for ${describeResources(proofs.map(({ resource }) => resource))}. Only "not found" means gone.`,
      );
    },
  },
  {
    id: "provider/release-reads-every-page",
    demand:
      "A resource is found by its name on every page of a list, because other people fill the first page.",
    needs: ["rental", "many-others"],
    async check(start) {
      const bed = await start();
      await bed.play("many-others");
      const lease = await rent(bed);
      const nameless = lease.ledger().map(({ id: _, ...resource }) => resource);
      await bed.releaseAll(lease, nameless);
      await demandNothingLeft(
        bed,
        "In an account with many resources, after release() by name (read every page of the list)",
        ({ name }) => name?.includes(lease.id) === true,
      );
    },
  },
]);

import { demand, describeError } from "../../suite/demand.ts";
import { findJsonFault } from "../../suite/texts.ts";
import { demandNothingLeft, demandSuccess, describeResources, providerRules, rent } from "../rule.ts";
import type { ProviderBed } from "../testbed.ts";

/** Rules about `lease` and the ledger, while nothing goes wrong in the cloud. */
export const leaseRules = providerRules([
  {
    id: "provider/records-before-requesting",
    demand:
      "`lease` records each resource before it requests it, because a crash in between must not lose it.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const recorded = new Set<string>();
      await rent(bed, {
        async onRecord(_count, { kind }) {
          const early = (await bed.listOurs()).filter((existing) => !recorded.has(existing.kind));
          demand(
            early.length === 0,
            `${describeResources(early)} existed before the first record() of that kind. Await record() before the request.`,
          );
          recorded.add(kind);
        },
      });
      const unrecorded = (await bed.listOurs()).filter(({ kind }) => !recorded.has(kind));
      demand(
        unrecorded.length === 0,
        `lease() created ${describeResources(unrecorded)} without record(). Await record() before and after each request.`,
      );
    },
  },
  {
    id: "provider/records-ids",
    demand:
      "`lease` records the id of each resource once it is known, because an id is found faster and more surely than a name.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      const ids = new Set(lease.ledger().map(({ id }) => id));
      const missing = (await bed.listOurs()).filter(({ id }) => !ids.has(id));
      demand(
        missing.length === 0,
        `The ledger has no id of ${describeResources(missing)}. Call record() again with the id from the answer.`,
      );
    },
  },
  {
    id: "provider/records-json",
    demand:
      "A recorded resource is complete as JSON, so that another process can release what was read from disk.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      await rent(bed, {
        onRecord(_count, resource) {
          const fault = findJsonFault(resource);
          demand(
            fault === undefined,
            `In the record of ${resource.kind} ${resource.name}, ${fault}, which JSON does not keep.`,
          );
        },
      });
    },
  },
  {
    id: "provider/stops-when-the-ledger-fails",
    demand:
      "`lease` makes no further request once `record` has rejected, because what it creates then would be lost.",
    needs: ["rental"],
    async check(start) {
      await forEachRecord(start, async (failing) => {
        const bed = await start();
        let existing = 0;
        const result = await bed.lease().rent({
          async onRecord(count) {
            if (count < failing) return;
            if (count === failing) existing = (await bed.listOurs()).length;
            throw new Error("the ledger cannot be written");
          },
        });
        const after = (await bed.listOurs()).length;
        demand(
          after <= existing,
          `After record() number ${failing} had rejected, ${after - existing} more resources were created. Let the rejection end lease().`,
        );
        demand(
          "error" in result,
          `lease() resolved although record() number ${failing} had rejected. Let the rejection end lease().`,
        );
      });
    },
  },
  {
    id: "provider/stops-when-not-wanted",
    demand:
      "Once `stopSignal` aborts, `lease` finishes the current request, makes no new one and returns, because each one may cost money.",
    needs: ["rental"],
    async check(start) {
      const bed = await start();
      const stop = new AbortController();
      const lease = bed.lease();
      let existing = 0;
      await lease.rent({
        stopSignal: stop.signal,
        async onRecord() {
          if (stop.signal.aborted) return;
          existing = (await bed.listOurs()).length;
          stop.abort(new Error("the user wants no machine"));
        },
      });
      const created = (await bed.listOurs()).length - existing;
      demand(
        created <= 1,
        `After stopSignal had aborted, ${created} resources were created. Check stopSignal before each request.`,
      );
    },
  },
  {
    id: "provider/crash-loses-nothing",
    demand:
      "If the process is killed at any record, another process can release everything from the ledger on disk.",
    needs: ["rental"],
    async check(start) {
      await forEachRecord(start, async (fatal) => {
        const bed = await start();
        const lease = bed.lease();
        let die = () => {};
        const death = new Promise<void>((resolve) => {
          die = resolve;
        });
        await lease.rent({
          death,
          onRecord(count) {
            if (count < fatal) return;
            die();
            return new Promise<never>(() => {});
          },
        });
        const { errors } = await bed.releaseAll(lease, lease.ledger(), bed.recreate());
        const [error] = errors;
        await demandNothingLeft(
          bed,
          `After a crash at record() number ${fatal} and ten rounds of release()${error === undefined ? "" : ` (${describeError(error)})`}`,
        );
      });
    },
  },
  {
    id: "provider/refused-machine-is-an-error",
    demand:
      "If the cloud has no machine left, `lease` throws, because core would otherwise wait for a machine that never comes.",
    needs: ["rental", "out-of-stock"],
    async check(start) {
      const bed = await start();
      const lease = bed.lease();
      const quote = await bed.provider.quote(bed.subject.request ?? { diskBytes: 1e9 }, lease.context());
      await bed.play("out-of-stock");
      const result = await lease.rent({ quote });
      demand(
        "error" in result,
        "lease() resolved although the cloud refused the machine. Throw OUT_OF_STOCK or QUOTA_EXCEEDED.",
      );
    },
  },
  {
    id: "provider/raised-price-is-refused",
    demand:
      "`lease` rents nothing at a higher price than the quote, because the user has agreed to that price only.",
    needs: ["rental", "price-raised"],
    async check(start) {
      const bed = await start();
      const lease = bed.lease();
      const quote = await bed.provider.quote(bed.subject.request ?? { diskBytes: 1e9 }, lease.context());
      await bed.play("price-raised");
      await lease.rent({ quote });
      const paid = (await bed.listOurs()).filter(({ isFree }) => !isFree);
      demand(
        paid.length === 0,
        `After the price had risen, lease() created ${describeResources(paid)}. Compare the price before the request and throw.`,
      );
    },
  },
  {
    id: "provider/rate-limit-is-waited-out",
    demand:
      "`lease` waits and repeats a request that was refused because there were too many, because this must not end a run.",
    needs: ["rental", "rate-limit"],
    async check(start) {
      const bed = await start();
      const lease = bed.lease();
      const quote = await bed.provider.quote(bed.subject.request ?? { diskBytes: 1e9 }, lease.context());
      await bed.play("rate-limit");
      demandSuccess(
        "lease(), of which two requests were refused because there were too many,",
        await lease.rent({ quote }),
      );
    },
  },
]);

/** Checks each record of an undisturbed lease, by its number from 1. One after the other, because an account may have few machines. */
async function forEachRecord(
  start: () => Promise<ProviderBed>,
  check: (number: number) => Promise<void>,
): Promise<void> {
  let records = 0;
  await rent(await start(), {
    onRecord(count) {
      records = count;
    },
  });
  for (let number = 1; number <= records; number += 1) await check(number);
}

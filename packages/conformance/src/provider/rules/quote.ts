import type { MachineRequest, Quote } from "@unitrain/core/spec";
import { attempt, demand } from "../../suite/demand.ts";
import { findJsonFault } from "../../suite/texts.ts";
import { providerRules } from "../rule.ts";
import type { ProviderBed } from "../testbed.ts";

/** Rules about `quote` and `offers`: what the user is told before anything is spent. */
export const quoteRules = providerRules([
  {
    id: "provider/quote-is-json",
    demand:
      "Quotes and offers are plain JSON, because the plan keeps a quote and another process passes it to `lease`.",
    needs: [],
    async check(start) {
      for (const quote of await listQuotes(await start())) {
        const fault = findJsonFault(quote);
        demand(
          fault === undefined,
          `In the quote of "${quote.machine}", ${fault}, which JSON does not keep.`,
        );
      }
    },
  },
  {
    id: "provider/quote-has-a-price",
    demand: "Every price is a number of dollars or `unknown`, because the budget is calculated from it.",
    needs: [],
    async check(start) {
      for (const quote of await listQuotes(await start())) {
        const { priceUsdPerHour, upfrontUsd, otherUsdPerHour, billingTickSeconds } = quote;
        const prices = { priceUsdPerHour, upfrontUsd, otherUsdPerHour };
        for (const [name, price] of Object.entries(prices)) {
          const isKnown = typeof price === "number" && Number.isFinite(price) && price >= 0;
          demand(
            isKnown || (price === "unknown" && name !== "priceUsdPerHour"),
            `${name} of "${quote.machine}" is ${price}. Return a number of at least 0, or throw if the price cannot be read.`,
          );
        }
        demand(
          Number.isFinite(billingTickSeconds) && billingTickSeconds > 0,
          `billingTickSeconds of "${quote.machine}" is ${billingTickSeconds}. Return the seconds by which time is billed: 1, 60 or 3600.`,
        );
      }
    },
  },
  {
    id: "provider/quote-spends-nothing",
    demand:
      "`quote`, `offers` and `listPlannedResources` create nothing, because a user may plan without ever starting.",
    needs: [],
    async check(start) {
      const bed = await start();
      const [quote] = await listQuotes(bed);
      if (quote !== undefined) bed.provider.listPlannedResources(bed.lease().id, quote);
      const ours = await bed.listOurs();
      demand(ours.length === 0, `After planning, ${ours.length} new resources exist in the cloud.`);
    },
  },
  {
    id: "provider/too-expensive-is-refused",
    demand:
      "`quote` throws if every offer costs more than `maxUsdPerHour`, because the user has set that limit.",
    needs: ["rental"],
    async check(start) {
      await demandRefusal(await start(), { maxUsdPerHour: 0.000_001 });
    },
  },
  {
    id: "provider/too-small-is-refused",
    demand:
      "`quote` throws if the machine has less than the request needs, by the figures that it returns itself.",
    needs: [],
    async check(start) {
      const bed = await start();
      const [quote] = await listQuotes(bed);
      const { gpus, ramBytes, diskBytes, gpu } = quote ?? {};
      const tooMuch = 1e18;
      if (typeof gpus === "number") await demandRefusal(bed, { gpus: 10_000 });
      if (ramBytes !== undefined) await demandRefusal(bed, { ramBytes: tooMuch });
      if (diskBytes !== undefined) await demandRefusal(bed, { diskBytes: tooMuch });
      if (gpu !== undefined) await demandRefusal(bed, { gpuMemoryBytes: tooMuch });
    },
  },
]);

async function listQuotes(bed: ProviderBed): Promise<readonly Quote[]> {
  const { provider, subject } = bed;
  const quote = await provider.quote(subject.request ?? { diskBytes: 1e9 }, bed.lease().context());
  return [quote, ...((await provider.offers?.(bed.lease().context())) ?? [])];
}

async function demandRefusal(bed: ProviderBed, more: Partial<MachineRequest>): Promise<void> {
  const request = { diskBytes: 1e9, ...bed.subject.request, ...more };
  const result = await attempt("quote()", bed.provider.quote(request, bed.lease().context()));
  demand(
    "error" in result,
    `quote() returned an offer for ${JSON.stringify(more)}, which no machine meets. Throw NOT_AVAILABLE instead.`,
  );
}

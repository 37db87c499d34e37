import type { Plan, Quote, Unitrain } from "@unitrain/core";
import { formatOfferName } from "@unitrain/view";
import type { Alternative } from "../../terminal/render/prediction.ts";
import { filterOffers } from "./filter-offers.ts";

const mostShown = 4;

/** Lists the plan's offer and a few others that meet the requirements, cheapest per hour first. */
export async function listAlternatives(
  plan: Plan,
  offers: readonly Quote[],
  predict: Unitrain["predict"],
): Promise<readonly Alternative[]> {
  if (plan.provider.ownership === "borrowed") return [];
  const isChosen = (quote: Quote) =>
    formatOfferName(quote) === formatOfferName(plan.quote) && quote.region === plan.quote.region;
  const others = filterOffers(offers, plan.request)
    .filter((quote) => quote.available !== "no" && !isChosen(quote))
    .slice(0, mostShown - 1);
  const shown = [plan.quote, ...others].sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour);
  return Promise.all(
    shown.map(async (quote) => {
      const prediction = quote === plan.quote ? plan.prediction : await predict(plan, quote);
      return {
        quote,
        chosen: quote === plan.quote,
        ...(prediction === undefined ? {} : { likelyUsd: prediction.costUsd.likely }),
      };
    }),
  );
}

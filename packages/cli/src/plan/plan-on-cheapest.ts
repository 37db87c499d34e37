import { type Quote, UnitrainError } from "@unitrain/core/spec";
import { formatOfferName, formatUsd } from "@unitrain/view";
import type { CliContext, Engine } from "../context/cli-context.ts";
import type { CloudOffer } from "../machines/offers/compare-clouds.ts";
import { listClouds } from "../machines/offers/list-clouds.ts";
import { compareQuotes, isPriced, rankClouds } from "../machines/offers/rank-clouds.ts";
import type { Settings } from "../settings/settings.ts";
import type { PlannedRun } from "./planned-run.ts";

/** The errors of a cloud after which the next one is tried. */
const retried: readonly string[] = ["OUT_OF_STOCK", "NOT_AVAILABLE", "BUDGET_TOO_SMALL"];

/** Plans on the cheapest cloud that fits. If a plan is dearer than the next offer, the next cloud is planned too, and the cheaper plan wins. */
export async function planOnCheapest(
  settings: Settings,
  engine: Engine,
  { folder }: CliContext,
  signal: AbortSignal,
  showStatus: (message: string) => void,
  planOn: (settings: Settings) => Promise<PlannedRun>,
): Promise<PlannedRun> {
  const choices = listClouds(settings.folder ?? folder, undefined).map((choice) => ({
    ...choice,
    plugins: settings.plugins,
  }));
  const ranked = await rankClouds(
    await engine.openClouds(choices, settings.framework),
    settings.options.machine ?? {},
    signal,
  );
  let best: { readonly on: string; readonly planned: PlannedRun } | undefined;
  let failure: unknown;
  for (const { on, quote } of ranked) {
    if (best !== undefined && compareQuotes(best.planned.plan.quote, quote) <= 0) break;
    try {
      const planned = await planOn(nameMachine(settings, on));
      if (!isPriced(planned.plan.quote))
        throw new UnitrainError("NOT_AVAILABLE", `${on} states no price.`, {
          hint: "List what each cloud has: unitrain offers",
        });
      if (best === undefined || compareQuotes(planned.plan.quote, best.planned.plan.quote) < 0)
        best = { on, planned };
    } catch (error) {
      if (!UnitrainError.isInstance(error) || !retried.includes(error.code)) throw error;
      failure ??= error;
      showStatus(`! ${on}: ${error.message}`);
    }
  }
  if (best === undefined) throw failure;
  showStatus(describeChoice(best, ranked));
  return best.planned;
}

/** Replaces the word `cheapest` with the chosen cloud, so that the record of the run names what was used. */
function nameMachine(settings: Settings, on: string): Settings {
  const sources = settings.sources.map((source) =>
    source.name === "on" ? { ...source, value: on } : source,
  );
  return { ...settings, on, sources };
}

function describeChoice(
  { on, planned }: { readonly on: string; readonly planned: PlannedRun },
  ranked: readonly CloudOffer[],
): string {
  const next = ranked.find((offer) => offer.on !== on);
  const others = next === undefined ? "no other cloud fits" : `next: ${describeOffer(next.on, next.quote)}`;
  return `Cheapest: ${describeOffer(on, planned.plan.quote)}; ${others}`;
}

function describeOffer(on: string, quote: Quote): string {
  return `${on} ${formatOfferName(quote)} ${formatUsd(quote.priceUsdPerHour)}/h`;
}

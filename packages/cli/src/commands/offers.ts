import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { loadProject } from "../framework/load-project.ts";
import { type Comparison, compareClouds, refuseNoAnswer } from "../machines/offers/compare-clouds.ts";
import { filterOffers } from "../machines/offers/filter-offers.ts";
import { listClouds } from "../machines/offers/list-clouds.ts";
import { listOffers } from "../machines/offers/list-offers.ts";
import { refuseUnknownNames } from "../machines/offers/unknown-names.ts";
import type { Flags } from "../settings/flags.ts";
import { measureWidth } from "../terminal/render/line.ts";
import { renderClouds, renderOffers } from "../terminal/render/offers.ts";
import { writeJson, writeLines } from "../terminal/write.ts";

/** Lists the machines that a provider rents out, or all clouds that have a key, with their prices per hour and where they are in stock. Spends nothing. */
export async function offers(flags: Flags, context: CliContext): Promise<ExitCode> {
  const { stdout, stderr } = context;
  const { offers, clouds } = await collectOffers(flags, context);
  const all = offers.map(({ quote }) => quote);
  const { gpu, gpus, region, maxPrice } = flags;
  refuseUnknownNames(all, { gpu, region });
  const fitting = filterOffers(all, {
    ...(gpu === undefined ? {} : { gpu }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(region === undefined ? {} : { region }),
    ...(maxPrice === undefined ? {} : { maxUsdPerHour: maxPrice }),
  });
  const cloudOf = new Map(offers.map(({ on, quote }) => [quote, on]));
  const shown = fitting.map((quote) => ({ on: cloudOf.get(quote) ?? "", quote }));
  const width = measureWidth(stdout);
  if (flags.json === true) {
    writeJson(stdout, { offers: shown.map(({ on, quote }) => ({ on, ...quote })), clouds }, 2);
  } else if (shown.length === 0)
    writeLines(stderr, [`None of the ${all.length} offers matches. To list all: unitrain offers`]);
  else writeLines(stdout, renderOffers(shown, width, { showsCloud: clouds.length > 1 }));
  if (flags.json !== true) writeLines(stderr, renderClouds(clouds, measureWidth(stderr)));
  return exitCodes.done;
}

/** Returns the offers of the provider that the flag names, or else those of all clouds. */
async function collectOffers(
  { on, config }: Flags,
  { engine, folder, stderr }: CliContext,
): Promise<Comparison> {
  const showStatus = (message: string) => writeLines(stderr, [message]);
  if (on !== undefined && on !== "cheapest") {
    const quotes = await listOffers(await (await engine()).machine({ on }), showStatus);
    return { offers: quotes.map((quote) => ({ on, quote })), clouds: [{ on, state: "compared" }] };
  }
  const { loaded } = await loadProject({ config }, folder);
  const opened = await (await engine()).openClouds(listClouds(folder, loaded));
  const compared = await compareClouds(opened, (calls) => calls.offers({ showStatus }));
  refuseNoAnswer(compared);
  return compared;
}

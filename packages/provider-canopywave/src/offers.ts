import type { CallContext, Quote } from "@unitrain/core/spec";
import type { Calls } from "./api/calls.ts";
import { explainFailures } from "./api/explain.ts";
import { createQuote } from "./choose/choice.ts";
import { type Flavor, readFlavor } from "./choose/flavor.ts";
import { chooseImage } from "./choose/image.ts";
import { chooseProject, chooseRegions } from "./choose/place.ts";
import { listStock } from "./choose/stock.ts";
import type { Settings } from "./options.ts";

/** Lists every flavor in every region, the cheapest first, including those that are sold out. */
export function listOffers(
  calls: Calls,
  settings: Settings,
  context: CallContext,
): Promise<readonly Quote[]> {
  return explainFailures("listing the offers", async () => {
    const project = await chooseProject(calls, settings.project, context);
    const [regions, types, images] = await Promise.all([
      chooseRegions(calls, project, settings.region, context),
      calls.instanceTypes(project, context),
      calls.images(project, context),
    ]);
    const quotes = await Promise.all(
      types.map(readFlavor).map(async (flavor) => {
        const { priceUsdPerHour } = flavor;
        if (priceUsdPerHour === undefined) return [];
        const image = chooseShownImage(flavor, images);
        const stock = await listStock(calls, project, regions, flavor.id, context);
        return stock.map(({ region, available }) =>
          createQuote(
            { ...flavor, priceUsdPerHour },
            { project, regions: [region], flavor: flavor.id, image },
            available,
          ),
        );
      }),
    );
    return quotes.flat().sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour);
  });
}

/** Returns an image for the list. A machine without a known image is listed too, because option `image` can name one. */
function chooseShownImage(flavor: Flavor, images: readonly string[]): string {
  try {
    return chooseImage(flavor, images, undefined);
  } catch {
    return flavor.images[0] ?? "image of your choice";
  }
}

import { checkAdapter } from "@unitrain/core/spec";
import { demand, demandNoError } from "../../suite/demand.ts";
import { findJsonFault, findSecret } from "../../suite/texts.ts";
import { providerRules } from "../rule.ts";

/** Rules about the adapter as an object, before any call. */
export const adapterRules = providerRules([
  {
    id: "provider/has-all-members",
    demand: "The provider has every required member with its type, because core refuses any other object.",
    needs: [],
    async check(start) {
      const { provider } = await start();
      demandNoError(() => checkAdapter("provider", provider));
    },
  },
  {
    id: "provider/recipe-is-json",
    demand: "The recipe is plain JSON, because another process reads it from disk.",
    needs: ["recipe"],
    async check(start) {
      const { recipe } = (await start()).provider;
      const fault = findJsonFault(recipe);
      demand(fault === undefined, `In the recipe, ${fault}, which JSON does not keep.`);
    },
  },
  {
    id: "provider/recipe-holds-no-secret",
    demand: "The recipe names the variables of secrets, never their values, because it is written to disk.",
    needs: ["recipe", "secrets"],
    async check(start) {
      const { provider, subject } = await start();
      const found = findSecret(provider.recipe, subject.secrets ?? []);
      demand(
        found === undefined,
        "The recipe contains a secret. Leave it out of `options` and list its variable in `secrets`.",
      );
    },
  },
  {
    id: "provider/borrowed-is-free-and-kept",
    demand:
      "A borrowed machine costs nothing and has no resources, because unitrain must never terminate it.",
    needs: [],
    async check(start) {
      const bed = await start();
      const { provider, subject } = bed;
      if (provider.ownership !== "borrowed") return;
      const lease = bed.lease();
      const quote = await provider.quote(subject.request ?? { diskBytes: 1e9 }, lease.context());
      const { priceUsdPerHour, upfrontUsd, otherUsdPerHour } = quote;
      demand(
        [priceUsdPerHour, upfrontUsd, otherUsdPerHour].every((price) => price === 0),
        "The quote of a borrowed machine has a price. Return 0 for all prices, or set `ownership` to rented.",
      );
      const planned = provider.listPlannedResources(lease.id, quote);
      demand(planned.length === 0, "A borrowed machine has planned resources. Return an empty list.");
    },
  },
]);

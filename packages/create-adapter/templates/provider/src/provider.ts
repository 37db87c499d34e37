import { createApiClient, proxyFetch } from "@unitrain/core/http";
import { defineProvider, type Provider } from "@unitrain/core/spec";
import { createApi } from "./api.ts";
import { explainFailures } from "./errors.ts";
import { leaseMachine } from "./lease-machine.ts";
import { getState } from "./machine-state.ts";
import { chooseOffer, toQuote } from "./offers.ts";
import { type AcmeNameOptions, cloud, readOptions } from "./options.ts";
import { releaseMachine } from "./release-machine.ts";
import { describeResource, kinds, listOurs } from "./resources.ts";

/** What tests replace. */
export interface Parts {
  readonly fetch: typeof proxyFetch;
  readonly now: () => number;
  readonly apiKey: string | undefined;
}

/**
 * Creates a provider that rents machines of Acme Name. It reads the key from the variable `ACME_NAME_API_KEY`.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for an unknown option or an invalid `baseUrl`.
 */
export function acmeName(
  options: AcmeNameOptions = {},
  { fetch, now, apiKey }: Parts = { fetch: proxyFetch, now: Date.now, apiKey: undefined },
): Provider {
  const settings = readOptions(options);
  const api = createApi(createApiClient(cloud, { settings, apiKey, fetch, now }));
  const listOffers: NonNullable<Provider["offers"]> = async (context) =>
    (await explainFailures("listing the offers", () => api.listOffers(context))).map(toQuote);

  return defineProvider({
    name: "acme-name",
    // How another process creates this provider, to release a machine after a crash of this one.
    recipe: {
      module: "unitrain-provider-acme-name",
      exportName: "acmeName",
      options,
      secrets: [cloud.keyVariable],
    },
    connectionKind: "ssh",
    ownership: "rented",
    // 10. What your keys look like, so that they are masked wherever they appear.
    secretPatterns: [/\bacme_name_\w{16,128}/],
    async quote(request, context) {
      const offers = await explainFailures("listing the offers", () => api.listOffers(context));
      return toQuote(chooseOffer(offers, request, settings.region));
    },
    offers: listOffers,
    listPlannedResources: (leaseId) => kinds.map((kind) => describeResource(kind, `unitrain-${leaseId}`)),
    lease: (quote, context) => leaseMachine(api, quote, context),
    getMachineState: (resources, context) => getState(api, resources, context),
    release: (resources, context) => releaseMachine(api, resources, context, now),
    list: (context) => explainFailures("listing the resources", () => listOurs(api, context)),
  });
}

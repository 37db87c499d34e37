import { createApiClient, stopUbuntuUpgrades } from "@unitrain/core/http";
import { defineProvider, type Provider } from "@unitrain/core/spec";
import { api } from "./api/api.ts";
import { createCalls } from "./api/calls.ts";
import { getMachineState } from "./get-machine-state.ts";
import { lease } from "./lease/lease.ts";
import { list } from "./list.ts";
import { listOffers } from "./offers.ts";
import { type CanopyWaveOptions, parseOptions, toStorableOptions } from "./options.ts";
import { listPlannedResources } from "./planned-resources.ts";
import { quote } from "./quote.ts";
import { release } from "./release/release.ts";

/**
 * Creates a provider that rents a machine at CanopyWave for each run, and releases it with proof: instance, address and SSH key.
 * Creating it sends no request. The API key is read at the first request, from `apiKey` or the variable `CANOPYWAVE_API_KEY`.
 *

 * @param options See {@link CanopyWaveOptions}.
 * @throws UnitrainError `INVALID_OPTIONS`. A plan throws `INVALID_OPTIONS` for an unknown GPU, flavor, image, region or project,
 * `PROVIDER_ACCESS`, `PAYMENT_REQUIRED`, `NOT_AVAILABLE`, `OUT_OF_STOCK` or `PROVIDER_UNAVAILABLE`. Renting also throws
 * `QUOTA_EXCEEDED`, `NO_NETWORK` or `LEASE_FAILED`, and releasing `RELEASE_UNCONFIRMED`.
 *
 * @example
 * ```ts
 * import { canopywave } from "@unitrain/provider-canopywave";
 *
 * const cheapestH100 = canopywave({ gpu: "H100", maxUsdPerHour: 3 });
 * const exactlyThis = canopywave({ flavor: "H100-4", region: "sequoia", image: "GPU-Ubuntu.24.04" });
 * ```
 */
export function canopywave(options: CanopyWaveOptions = {}): Provider {
  const parsed = parseOptions(options);
  const { settings } = parsed;
  const calls = createCalls(createApiClient(api, parsed));
  return defineProvider({
    name: "canopywave",
    connectionKind: "ssh",
    ownership: "rented",
    recipe: {
      module: "@unitrain/provider-canopywave",
      exportName: "canopywave",
      options: toStorableOptions(settings),
      secrets: ["CANOPYWAVE_API_KEY"],
    },
    secretPatterns: [/cw_(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{16,512}/],
    firstBoot: stopUbuntuUpgrades,
    quote: (request, context) => quote(calls, settings, request, context),
    listPlannedResources,
    lease: (quoted, context) => lease(calls, parsed, quoted, context),
    getMachineState: (resources, context) => getMachineState(calls, parsed, resources, context),
    release: (resources, context) => release(calls, parsed, resources, context),
    offers: (context) => listOffers(calls, settings, context),
    list: (context) => list(calls, settings, context),
  });
}

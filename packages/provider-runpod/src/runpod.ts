import { createApiClient } from "@unitrain/core/http";
import { defineProvider, type Provider } from "@unitrain/core/spec";
import { api } from "./api/api.ts";
import { createCalls } from "./api/calls.ts";
import { installTools } from "./first-boot.ts";
import { getMachineState } from "./get-machine-state.ts";
import { lease } from "./lease/lease.ts";
import { list } from "./list.ts";
import { describePod, getPodName } from "./names.ts";
import { parseOptions, type RunPodOptions, toStorableOptions } from "./options.ts";
import { listOffers, quote } from "./quote.ts";
import { release } from "./release/release.ts";

/**
 * Creates a provider that rents a pod at RunPod for each run, and releases it with proof. A pod is a container: you are root in it, its
 * SSH port has another number outside, and everything in it is lost when it is stopped. Creating the provider sends no request. The API
 * key is read at the first request, from `apiKey` or the variable `RUNPOD_API_KEY`.
 *
 * @param options See {@link RunPodOptions}.
 * @throws UnitrainError `INVALID_OPTIONS`. A plan throws `INVALID_OPTIONS` for an unknown GPU or data center, `PROVIDER_ACCESS`,
 * `NOT_AVAILABLE`, `OUT_OF_STOCK` or `PROVIDER_UNAVAILABLE`. Renting also throws `PAYMENT_REQUIRED`, `QUOTA_EXCEEDED` or
 * `LEASE_FAILED`, and releasing `RELEASE_UNCONFIRMED`.
 *
 * @example
 * ```ts
 * import { runpod } from "@unitrain/provider-runpod";
 *
 * const oneGpu = runpod({ gpu: "RTX 4090", maxUsdPerHour: 1 });
 * const spot = runpod({ gpu: "H100", interruptible: true, region: "EU-RO-1" });
 * ```
 */
export function runpod(options: RunPodOptions = {}): Provider {
  const parsed = parseOptions(options);
  const { settings } = parsed;
  const calls = createCalls(createApiClient(api, parsed));
  return defineProvider({
    name: "runpod",
    connectionKind: "ssh",
    ownership: "rented",
    recipe: {
      module: "@unitrain/provider-runpod",
      exportName: "runpod",
      options: toStorableOptions(settings),
      secrets: ["RUNPOD_API_KEY"],
    },
    // RunPod's documentation shows keys as `rpa_…`.
    secretPatterns: [/rpa_(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{16,512}/],
    firstBoot: installTools,
    quote: (request, context) => quote(calls, settings, request, context),
    listPlannedResources: (leaseId) => [describePod(getPodName(leaseId), { asked: false })],
    lease: (quoted, context) => lease(calls, parsed, quoted, context),
    getMachineState: (resources, context) => getMachineState(calls, parsed, resources, context),
    release: (resources, context) => release(calls, parsed, resources, context),
    offers: (context) => listOffers(calls, settings, context),
    list: (context) => list(calls, context),
  });
}

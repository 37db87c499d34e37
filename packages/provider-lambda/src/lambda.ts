import { createApiClient, stopUbuntuUpgrades } from "@unitrain/core/http";
import { defineProvider, type Provider } from "@unitrain/core/spec";
import { api } from "./api/api.ts";
import { createCalls } from "./api/calls.ts";
import { getMachineState } from "./get-machine-state.ts";
import { lease } from "./lease/lease.ts";
import { list } from "./list.ts";
import { describeResource, getResourceName, type Kind } from "./names.ts";
import { type LambdaOptions, parseOptions, toStorableOptions } from "./options.ts";
import { listOffers, quote } from "./quote.ts";
import { release } from "./release/release.ts";

const kinds: readonly Kind[] = ["ssh-key", "instance"];

/**
 * Creates a provider that rents an instance at Lambda for each run, and releases it with proof: instance and SSH key. Creating it sends
 * no request. The API key is read at the first request, from `apiKey` or the variable `LAMBDA_API_KEY`.
 *
 * @param options See {@link LambdaOptions}.
 * @throws UnitrainError `INVALID_OPTIONS`. A plan throws `INVALID_OPTIONS` for an unknown GPU, instance type or image,
 * `PROVIDER_ACCESS`, `NOT_AVAILABLE`, `OUT_OF_STOCK` or `PROVIDER_UNAVAILABLE`. Renting also throws `PAYMENT_REQUIRED`,
 * `QUOTA_EXCEEDED` or `LEASE_FAILED`, and releasing `RELEASE_UNCONFIRMED`.
 *
 * @example
 * ```ts
 * import { lambda } from "@unitrain/provider-lambda";
 *
 * const cheapestH100 = lambda({ gpu: "H100", maxUsdPerHour: 5 });
 * const exactlyThis = lambda({ instanceType: "gpu_8x_h100_sxm5", region: "us-east-1" });
 * ```
 */
export function lambda(options: LambdaOptions = {}): Provider {
  const parsed = parseOptions(options);
  const { settings } = parsed;
  const calls = createCalls(createApiClient(api, parsed));
  return defineProvider({
    name: "lambda",
    connectionKind: "ssh",
    ownership: "rented",
    recipe: {
      module: "@unitrain/provider-lambda",
      exportName: "lambda",
      options: toStorableOptions(settings),
      secrets: ["LAMBDA_API_KEY"],
    },
    // Keys look like `secret_<name>_<id>.<text>` (observed).
    secretPatterns: [/secret_[A-Za-z0-9_-]{8,160}\.[A-Za-z0-9_-]{16,512}/],
    firstBoot: stopUbuntuUpgrades,
    quote: (request, context) => quote(calls, settings, request, context),
    listPlannedResources: (leaseId) =>
      kinds.map((kind) => describeResource(kind, getResourceName(leaseId), { asked: false })),
    lease: (quoted, context) => lease(calls, parsed, quoted, context),
    getMachineState: (resources, context) => getMachineState(calls, parsed, resources, context),
    release: (resources, context) => release(calls, parsed, resources, context),
    offers: (context) => listOffers(calls, settings, context),
    list: (context) => list(calls, context),
  });
}

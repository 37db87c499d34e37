import type { Provider, Quote, ReleaseProof, Resource } from "@unitrain/core/spec";
import type { ProviderRuleId } from "../src/index.ts";
import type { ToyCloud } from "./toy/toy-cloud.ts";
import type { ToyMistakes } from "./toy/toy-mistakes.ts";
import { toyProvider } from "./toy/toy-provider.ts";

type Plant = (cloud: ToyCloud) => Provider;

/** A provider with one bug for each rule of the suite. A rule without a bug is a type error. */
export const plantedProviderBugs: Readonly<Record<ProviderRuleId, Plant>> = {
  // The adapter.
  "provider/has-all-members": change(() => ({ secretPatterns: ["toy_.*"] as never })),
  "provider/recipe-is-json": change(({ recipe }) => ({
    recipe: { module: "toy", exportName: "toy", secrets: [], ...recipe, options: { since: new Date(0) } },
  })),
  "provider/recipe-holds-no-secret": change(({ recipe }, { key }) => ({
    recipe: { module: "toy", exportName: "toy", secrets: [], ...recipe, options: { key } },
  })),
  "provider/borrowed-is-free-and-kept": change(() => ({ ownership: "borrowed" })),
  // The quote.
  "provider/quote-is-json": changeQuote((quote) => ({
    reference: Object.assign(Object.create({}), quote.reference),
  })),
  "provider/quote-has-a-price": changeQuote(() => ({ otherUsdPerHour: Number("-1") })),
  "provider/quote-spends-nothing": (cloud) => {
    const provider = toyProvider(cloud);
    return {
      ...provider,
      async offers(context) {
        await cloud.request({
          method: "POST",
          kind: "key",
          name: "probe",
          key: cloud.key,
          signal: context.signal,
        });
        return [];
      },
    };
  },
  "provider/too-expensive-is-refused": change(({ quote }) => ({
    quote: (request, context) => quote({ ...request, maxUsdPerHour: 100 }, context),
  })),
  "provider/too-small-is-refused": change(({ quote }) => ({
    quote: (request, context) => quote({ ...request, gpus: 1 }, context),
  })),
  // The plan.
  "provider/plan-is-pure": (cloud) => {
    let calls = 0;
    return changePlanned((planned) => {
      calls += 1;
      return planned.map((resource) => ({ ...resource, reference: { calls } }));
    })(cloud);
  },
  "provider/names-contain-the-lease": changePlanned((planned) => [
    ...planned,
    { kind: "volume", name: "unitrain-cache", onRelease: "delete" },
  ]),
  "provider/creates-only-what-is-planned": changePlanned((planned) =>
    planned.filter(({ kind }) => kind !== "volume"),
  ),
  // The lease.
  "provider/records-before-requesting": changeRecord((resource, record) =>
    resource.kind === "key" && resource.id === undefined ? Promise.resolve() : record(resource),
  ),
  "provider/records-ids": changeRecord((resource, record) =>
    resource.id === undefined || resource.kind === "machine" ? record(resource) : Promise.resolve(),
  ),
  "provider/records-json": changeRecord((resource, record) => record({ ...resource, reference: new Set() })),
  "provider/stops-when-the-ledger-fails": changeRecord((resource, record) =>
    record(resource).catch(() => {}),
  ),
  "provider/stops-when-not-wanted": mistake({ ignoresStopSignal: true }),
  "provider/crash-loses-nothing": mistake({ remembersInMemory: true }),
  "provider/refused-machine-is-an-error": mistake({ ignoresRefusals: true }),
  "provider/raised-price-is-refused": mistake({ ignoresThePrice: true }),
  "provider/rate-limit-is-waited-out": mistake({ givesUpAtRateLimits: true }),
  "provider/lost-answer-creates-no-second": mistake({ repeatsBlindly: true }),
  "provider/lost-answer-leaves-nothing": mistake({ forgetsLostAnswers: true }),
  "provider/twin-is-released": mistake({ overlooksTwins: true }),
  // The release.
  "provider/release-proves-everything": changeProofs((proofs) =>
    proofs.filter(({ resource }) => resource.kind !== "key" || resource.id === undefined),
  ),
  "provider/proof-means-gone": mistake({ provesVolumesEarly: true }),
  "provider/release-is-idempotent": mistake({ failsWhenGone: true }),
  "provider/release-before-lease": mistake({ failsWhenNeverCreated: true }),
  "provider/release-touches-only-its-lease": mistake({ comparesBeginnings: true }),
  "provider/kept-resources-are-kept": change(({ release }) => ({
    release: (resources, context) =>
      release(
        resources.map((resource): Resource => ({ ...resource, onRelease: "delete" })),
        context,
      ),
  })),
  "provider/ignored-delete-is-noticed": mistake({ trustsDeletes: true }),
  "provider/unreachable-is-no-proof": mistake({ provesOnErrors: 500 }),
  "provider/refused-key-is-no-proof": mistake({ provesOnErrors: 401 }),
  "provider/release-reads-every-page": mistake({ readsOnlyTheFirstPage: true }),
  // The state.
  "provider/machine-fits-the-connection": change(({ getMachineState }) => ({
    async getMachineState(resources, context) {
      const state = await getMachineState(resources, context);
      return state.state === "running" ? { ...state, machine: { connectionKind: "local" } } : state;
    },
  })),
  "provider/lost-machine-is-gone": change(({ getMachineState }) => ({
    async getMachineState(resources, context) {
      const state = await getMachineState(resources, context);
      return state.state === "gone" ? { state: "failed", detail: state.evidence } : state;
    },
  })),
  "provider/one-miss-is-not-gone": mistake({ needsOneLook: true }),
  "provider/outage-is-not-gone": mistake({ takesErrorsForGone: 500 }),
  "provider/refused-key-is-not-gone": mistake({ takesErrorsForGone: 401 }),
  "provider/unknown-status-is-unknown": mistake({ guessesStates: true }),
  "provider/abort-ends-a-call": mistake({ ignoresAborts: true }),
  // The list.
  "provider/list-finds-everything": changeList((listed) => listed.filter(({ kind }) => kind !== "key")),
  "provider/list-names-only-ours": changeList((listed) => [
    ...listed,
    { kind: "machine", name: "unitrain-notes", id: "machine-1", onRelease: "delete" },
  ]),
  "provider/list-can-be-released": changeList((listed) =>
    listed.map((resource) => ({ ...resource, onRelease: "keep" })),
  ),
  "provider/free-resources-are-declared": changeList((listed) =>
    listed.map(({ free: _, ...resource }) => resource),
  ),
  // What is shown.
  "provider/secrets-are-registered": mistake({ registersNoSecret: true }),
  "provider/errors-hold-no-secret": mistake({ showsEverything: "secrets" }),
  "provider/texts-are-clean": mistake({ showsEverything: "control characters" }),
  "provider/self-release-names-its-secrets": change((_, { key }) => ({
    selfRelease: async () => ({ script: `toy delete --key ${key}`, secrets: {} }),
  })),
};

function mistake(mistakes: ToyMistakes): Plant {
  return (cloud) => toyProvider(cloud, mistakes);
}

function change(changes: (provider: Provider, cloud: ToyCloud) => Partial<Provider>): Plant {
  return (cloud) => {
    const provider = toyProvider(cloud);
    return { ...provider, ...changes(provider, cloud) };
  };
}

function changeQuote(changes: (quote: Quote) => Partial<Quote>): Plant {
  return change(({ quote }) => ({
    async quote(request, context) {
      const quoted = await quote(request, context);
      return { ...quoted, ...changes(quoted) };
    },
  }));
}

function changePlanned(changed: (planned: readonly Resource[]) => readonly Resource[]): Plant {
  return change(({ listPlannedResources }) => ({
    listPlannedResources: (leaseId, quote) => changed(listPlannedResources(leaseId, quote)),
  }));
}

function changeRecord(
  changed: (resource: Resource, record: (resource: Resource) => Promise<void>) => Promise<void>,
): Plant {
  return change(({ lease }) => ({
    lease: (quote, context) =>
      lease(quote, { ...context, record: (resource) => changed(resource, context.record) }),
  }));
}

function changeProofs(changed: (proofs: readonly ReleaseProof[]) => readonly ReleaseProof[]): Plant {
  return change(({ release }) => ({
    release: async (resources, context) => changed(await release(resources, context)),
  }));
}

function changeList(changed: (listed: readonly Resource[]) => readonly Resource[]): Plant {
  return change(({ list }) => ({ list: async (context) => changed((await list?.(context)) ?? []) }));
}

import { stripVTControlCharacters } from "node:util";
import {
  defineProvider,
  type LeaseContext,
  type MachineState,
  type Provider,
  type Quote,
  type ReleaseProof,
  type Resource,
  type RunContext,
  UnitrainError,
} from "@unitrain/core/spec";
import { createToyClient, type ToyClient } from "./toy-client.ts";
import type { ToyCloud, ToyItem, ToyKind } from "./toy-cloud.ts";
import type { ToyMistakes } from "./toy-mistakes.ts";

const kinds = ["key", "volume", "machine"] as const;
const missesUntilGone = 3;
const pollMs = 1_000;

/** A provider for the toy cloud that keeps every rule, unless it is created with a mistake. */
export function toyProvider(cloud: ToyCloud, mistakes: ToyMistakes = {}): Provider {
  const client = createToyClient(cloud, mistakes);
  return defineProvider({
    name: "toy",
    recipe: { module: "toy", exportName: "toyProvider", options: {}, secrets: ["TOY_KEY"] },
    connectionKind: "x-toy",
    ownership: "rented",
    async quote({ maxUsdPerHour = 100, gpus = 1 }, context) {
      const usdPerHour = await client.getPrice(context);
      if (gpus > 1 || usdPerHour > maxUsdPerHour) {
        throw new UnitrainError("NOT_AVAILABLE", "The toy cloud has no such machine.");
      }
      return createQuote(usdPerHour);
    },
    offers: async (context) => [createQuote(await client.getPrice(context))],
    listPlannedResources: (leaseId) => kinds.map((kind) => describe(kind, `unitrain-${leaseId}`)),
    lease: (quote, context) => lease(client, mistakes, quote, context),
    getMachineState: (resources, context) => getState(client, mistakes, resources, context),
    release: (resources, context) => release(client, mistakes, resources, context),
    async list(context) {
      const all = await Promise.all(kinds.map((kind) => client.list(kind, context)));
      return all
        .flat()
        .filter(({ name }) => /^unitrain-\w{6}-\d{8}-\d{6}-\w{4}-\d+$/.test(name))
        .map(({ kind, name, id }) => ({ ...describe(kind, name), id }));
    },
    selfRelease: async (resources) => ({
      script: `toy delete ${resources.map(({ id }) => id).join(" ")} --key "$TOY_KEY"`,
      secrets: { TOY_KEY: cloud.key },
    }),
  });
}

function createQuote(priceUsdPerHour: number): Quote {
  return {
    machine: "toy machine",
    priceUsdPerHour,
    upfrontUsd: 0,
    otherUsdPerHour: 0,
    billingTickSeconds: 60,
    gpus: 1,
    available: "yes",
    interruptible: false,
    bootSeconds: { likely: 4, high: 10 },
    reference: { usdPerHour: priceUsdPerHour },
  };
}

function describe(kind: ToyKind, name: string): Resource {
  return { kind, name, onRelease: "delete", ...(kind === "key" ? { free: true } : {}) };
}

async function lease(
  client: ToyClient,
  mistakes: ToyMistakes,
  quote: Quote,
  context: LeaseContext,
): Promise<void> {
  const { usdPerHour } = quote.reference as { readonly usdPerHour: number };
  if (!mistakes.ignoresThePrice && (await client.getPrice(context)) > usdPerHour) {
    throw new UnitrainError("NOT_AVAILABLE", "The price of the toy machine has risen.");
  }
  for (const kind of kinds) {
    if (context.stopSignal.aborted && !mistakes.ignoresStopSignal) return;
    const resource = describe(kind, `unitrain-${context.leaseId}`);
    await context.record(resource);
    const item = await client.create(kind, resource.name, context).catch(async (error) => {
      if (mistakes.forgetsLostAnswers) await context.record({ ...resource, onRelease: "keep" });
      throw error;
    });
    if (item !== undefined) await context.record({ ...resource, id: item.id });
  }
}

async function getState(
  client: ToyClient,
  mistakes: ToyMistakes,
  resources: readonly Resource[],
  context: RunContext,
): Promise<MachineState> {
  const machine = resources.find(({ kind }) => kind === "machine");
  if (machine === undefined) return { state: "unknown", detail: "there is no machine in the ledger" };
  const looks = mistakes.needsOneLook ? 1 : missesUntilGone;
  try {
    for (let look = 0; look < looks; look += 1) {
      const [found] = await client.find(machine, context);
      if (found !== undefined) return interpret(found, mistakes);
      await context.wait(pollMs);
    }
    return { state: "gone", evidence: `${machine.id ?? machine.name} is not in the list` };
  } catch (error) {
    if (mistakes.takesErrorsForGone === client.lastStatus()) return { state: "gone", evidence: "an error" };
    return { state: "unknown", detail: error instanceof Error ? error.message : "an error" };
  }
}

function interpret({ status }: ToyItem & { readonly status: string }, mistakes: ToyMistakes): MachineState {
  if (status === "booting") return { state: "starting", detail: status };
  if (status === "on") return { state: "running", machine: { connectionKind: "x-toy" } };
  if (mistakes.guessesStates) return { state: "failed", detail: stripVTControlCharacters(status) };
  return { state: "unknown", detail: stripVTControlCharacters(status) };
}

async function release(
  client: ToyClient,
  mistakes: ToyMistakes,
  resources: readonly Resource[],
  context: RunContext,
): Promise<readonly ReleaseProof[]> {
  const ours = resources.filter(({ onRelease }) => onRelease === "delete");
  const results = await Promise.allSettled(
    ours.map(async (resource) => {
      try {
        return await releaseOne(client, mistakes, resource, context);
      } catch (error) {
        if (mistakes.provesOnErrors !== client.lastStatus()) throw error;
        return prove(client, resource);
      }
    }),
  );
  const proofs = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined && proofs.length === 0) throw failed.reason;
  return proofs.filter((proof) => proof !== undefined);
}

async function releaseOne(
  client: ToyClient,
  mistakes: ToyMistakes,
  resource: Resource,
  context: RunContext,
): Promise<ReleaseProof | undefined> {
  const fails = resource.id === undefined ? mistakes.failsWhenNeverCreated : mistakes.failsWhenGone;
  for (let round = 0; round < 20; round += 1) {
    const found = await client.find(resource, context);
    if (found.length === 0 && round === 0 && fails) throw new Error(`there is no ${resource.name}`);
    if (found.length === 0) return prove(client, resource);
    for (const { kind, id } of found) await client.delete(kind, id, context);
    if (resource.kind === "volume" && mistakes.provesVolumesEarly) return prove(client, resource);
    await context.wait(pollMs * 4);
    if (resource.kind === "machine" && mistakes.trustsDeletes) return prove(client, resource);
  }
  return undefined;
}

function prove(client: ToyClient, resource: Resource): ReleaseProof {
  return { resource, goneAt: new Date(client.now()).toISOString(), evidence: "not in the list" };
}

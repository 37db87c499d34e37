import { defineProvider, type Provider, type Resource, UnitrainError } from "@unitrain/core/spec";
import { createLifetime, type Lifetime } from "./lifetime.ts";
import type { BilledResource, MemoryCloud } from "./memory-cloud.ts";

/** Options of {@link memoryProvider}. */
export interface MemoryProviderOptions {
  readonly ownership?: "rented" | "borrowed";
  readonly priceUsdPerHour?: number;
  readonly billingTickSeconds?: number;
  readonly upfrontUsd?: number;
}

/**
 * Creates a provider whose machines exist only in memory. Like a real cloud, it has three kinds of resources: an
 * instance and a key with names, and an address without one.
 *
 * @param cloud The cloud that keeps its bill.
 * @param options Ownership and prices. By default a machine is rented for 2.25 USD per hour and billed per second.
 * @param lifetime The simulated process that calls it.
 *
 * @example
 * ```ts
 * import { memoryProvider, memoryCloud, virtualClock } from "@unitrain/conformance";
 *
 * const cloud = memoryCloud(virtualClock());
 * const provider = memoryProvider(cloud, { priceUsdPerHour: 3 });
 * cloud.faults.on("provider.instance", "lost-answer"); // the instance exists, but its id is unknown
 * console.log(provider.name, cloud.alive()); // memory, []
 * ```
 */
export function memoryProvider(
  cloud: MemoryCloud,
  options: MemoryProviderOptions = {},
  lifetime: Lifetime = createLifetime(),
): Provider {
  const { ownership = "rented", priceUsdPerHour = 2.25, billingTickSeconds = 1, upfrontUsd = 0 } = options;
  let polls = 0;
  const create = (kind: BilledResource["kind"], name?: string) => {
    const billed: BilledResource = {
      kind,
      id: `${kind}-${cloud.bill.length + 1}`,
      since: cloud.clock.now(),
      ...(name === undefined ? {} : { name }),
    };
    cloud.bill.push(billed);
    if (kind === "instance") cloud.startMachine();
    return billed;
  };
  const find = (resource: Resource) =>
    cloud.alive().filter((billed) => {
      if (billed.kind !== resource.kind) return false;
      if (resource.id !== undefined) return billed.id === resource.id;
      return billed.name === undefined ? isNew(billed, resource) : billed.name === resource.name;
    });

  return defineProvider({
    name: "memory",
    recipe: { module: "@unitrain/conformance", exportName: "memoryProvider", options: {}, secrets: [] },
    connectionKind: "x-memory",
    ownership,
    firstBoot: { command: { argv: ["first-boot"] }, failureMessage: "the first boot is not over" },
    quote: ({ gpus = 1, maxUsdPerHour = Number.POSITIVE_INFINITY }) =>
      cloud.step(lifetime, "provider.quote", () => {
        const usdPerHour = ownership === "rented" ? priceUsdPerHour : 0;
        if (gpus > 1 || usdPerHour > maxUsdPerHour) {
          throw new UnitrainError("NOT_AVAILABLE", "No machine in memory meets the request.");
        }
        return {
          machine: "one machine in memory",
          priceUsdPerHour: usdPerHour,
          upfrontUsd,
          otherUsdPerHour: 0,
          billingTickSeconds,
          gpus: 1,
          available: "yes" as const,
          interruptible: false,
          bootSeconds: { likely: 2, high: 10 },
          reference: null,
        };
      }),
    listPlannedResources: (leaseId) =>
      ownership === "borrowed"
        ? []
        : (["ssh-key", "instance", "address"] as const).map((kind) => ({
            kind,
            name: `unitrain-${leaseId}`,
            onRelease: "delete",
            ...describeCost(kind),
          })),
    async lease(_quote, context) {
      if (ownership === "borrowed") return;
      const name = `unitrain-${context.leaseId}`;
      const rent = async (kind: BilledResource["kind"], reference?: unknown) => {
        if (context.stopSignal.aborted) return;
        const note = {
          kind,
          name,
          onRelease: "delete",
          ...describeCost(kind),
          ...(reference === undefined ? {} : { reference }),
        } as const;
        await context.record(note);
        const { id } = await cloud.step(lifetime, `provider.${kind}`, () =>
          create(kind, reference ? undefined : name),
        );
        await context.record({ ...note, id });
      };
      await rent("ssh-key");
      await rent("instance");
      const before = cloud
        .alive()
        .filter(({ kind }) => kind === "address")
        .map(({ id }) => id);
      await rent("address", { before });
    },
    getMachineState: (resources) =>
      cloud.step(lifetime, "provider.getMachineState", () => {
        if (ownership === "borrowed") return { state: "running", machine: { connectionKind: "x-memory" } };
        const instance = resources.find(({ kind }) => kind === "instance");
        if (instance === undefined || find(instance).length === 0)
          return { state: "gone", evidence: "404 by id" };
        polls += 1;
        if (polls <= cloud.pollsUntilRunning) return { state: "starting", detail: "BUILD" };
        return { state: "running", machine: { connectionKind: "x-memory" } };
      }),
    list: () =>
      cloud.step(lifetime, "provider.list", () =>
        cloud
          .alive()
          .filter(({ name }) => name?.startsWith("unitrain-"))
          .map(({ kind, id, name = "" }) => ({
            kind,
            id,
            name,
            onRelease: "delete" as const,
            ...describeCost(kind),
          })),
      ),
    async release(allResources, context) {
      const resources = allResources.filter(({ onRelease }) => onRelease === "delete");
      for (const resource of resources) {
        await cloud.step(lifetime, `provider.end-${resource.kind}`, () => {
          for (const billed of find(resource)) billed.endingAt ??= cloud.clock.now() + cloud.endsAfterMs;
        });
      }
      await context.wait(cloud.endsAfterMs);
      return cloud.step(lifetime, "provider.release", () =>
        resources
          .filter((resource) => find(resource).length === 0)
          .map((resource) => ({
            resource,
            goneAt: new Date(cloud.clock.now()).toISOString(),
            evidence: `404 for ${resource.id ?? resource.name}`,
          })),
      );
    },
  });
}

/** Marks a key as free. An instance and an address cost money from their first second. */
function describeCost(kind: BilledResource["kind"]): { readonly free?: true } {
  return kind === "ssh-key" ? { free: true } : {};
}

/** Returns whether an address was created by this request: it did not exist before. */
function isNew(billed: BilledResource, resource: Resource): boolean {
  const { before } = (resource.reference ?? {}) as { before?: readonly string[] };
  return before !== undefined && !before.includes(billed.id);
}

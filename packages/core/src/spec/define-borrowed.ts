import { defineProvider } from "./define.ts";
import type { Machine } from "./machine.ts";
import type { Provider } from "./provider.ts";
import type { Quote } from "./quote.ts";

/** What is known of a borrowed machine before it is reached. What is left out is unknown, or costs nothing. */
export type BorrowedOffer = Pick<Quote, "machine"> & Partial<Quote>;

/** A machine that is there already, and how it is reached. */
export interface BorrowedMachine extends Pick<Provider, "name" | "recipe" | "defaultTransport"> {
  readonly machine: Machine;
  /** Its name for a person, or what `quote` is to look up: it refuses there what the machine does not have. */
  readonly offer: BorrowedOffer | ((...parameters: Parameters<Provider["quote"]>) => Promise<BorrowedOffer>);
}

/**
 * A provider of one machine that the user has anyway: it costs nothing, is there at once, and is never torn down.
 *
 * @example
 * ```ts
 * import { defineBorrowedProvider } from "@unitrain/core/spec";
 *
 * export const container = (name: string) =>
 *   defineBorrowedProvider({
 *     name: "docker",
 *     machine: { connectionKind: "x-docker", name },
 *     offer: { machine: `${name} (docker)` },
 *   });
 * ```
 */
export function defineBorrowedProvider(borrowed: BorrowedMachine): Provider {
  const { machine, offer, ...rest } = borrowed;
  return defineProvider({
    ...rest,
    connectionKind: machine.connectionKind,
    ownership: "borrowed",
    async quote(request, context) {
      return { ...unknownMachine, ...(typeof offer === "function" ? await offer(request, context) : offer) };
    },
    listPlannedResources: () => [],
    lease: async () => {},
    getMachineState: async () => ({ state: "running", machine }),
    release: async () => [],
  });
}

const unknownMachine = {
  priceUsdPerHour: 0,
  upfrontUsd: 0,
  otherUsdPerHour: 0,
  billingTickSeconds: 1,
  gpus: "unknown",
  available: "unknown",
  interruptible: false,
  bootSeconds: { likely: 0, high: 0 },
  reference: null,
} satisfies Omit<Quote, "machine">;

import { defineProvider } from "./define.ts";
import type { Machine } from "./machine.ts";
import type { Provider } from "./provider.ts";
import type { Quote } from "./quote.ts";

/** What is known about a borrowed machine before connecting to it. Fields that are left out are unknown, or cost nothing. */
export type BorrowedOffer = Pick<Quote, "machine"> & Partial<Quote>;

/** The input of `defineBorrowedProvider`: a machine that the user already has, and how to reach it. */
export interface BorrowedMachine extends Pick<Provider, "name" | "recipe" | "defaultTransport"> {
  readonly machine: Machine;
  /**
   * The offer, or a function that looks it up when `quote` is called. The function throws `NOT_AVAILABLE` if the machine does not
   * have what the request needs.
   */
  readonly offer: BorrowedOffer | ((...parameters: Parameters<Provider["quote"]>) => Promise<BorrowedOffer>);
}

/**
 * Defines a provider of one machine that the user already has. It costs nothing, is available at once and is never terminated.
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

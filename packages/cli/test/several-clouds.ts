import { type Quote, type Resource, UnitrainError } from "@unitrain/core";
import type { OpenedCloud } from "../src/context/cli-context.ts";
import { exampleOffers } from "./rented.ts";

/** A cloud in memory that offers its first quote for every request. */
export function cloud(on: string, ...quotes: readonly Quote[]): OpenedCloud {
  return {
    on,
    state: "open",
    calls: {
      offers: async () => quotes,
      quote: async () => {
        const [first] = quotes;
        if (first === undefined) throw new UnitrainError("OUT_OF_STOCK", `${on} has nothing left.`);
        return first;
      },
      listUntracked: async () => [],
      releaseUntracked: async () => [],
    },
  };
}

/** A cloud in memory that has untracked resources. Those that it was asked to release are in `released`. */
export function cloudWithUntracked(
  on: string,
  untracked: readonly Resource[],
  { canRelease = true }: { readonly canRelease?: boolean } = {},
): { readonly cloud: OpenedCloud; readonly released: Resource[] } {
  const released: Resource[] = [];
  const opened = cloud(on);
  if (opened.state !== "open") throw new Error("The cloud is not open.");
  const calls = {
    ...opened.calls,
    listUntracked: async () => untracked,
    releaseUntracked: async (chosen: readonly Resource[]) => {
      if (!canRelease) throw new UnitrainError("PROVIDER_UNAVAILABLE", `${on} releases nothing.`);
      released.push(...chosen);
      return chosen.map((resource) => ({
        resource,
        goneAt: "2026-11-24T15:42:57.000Z",
        evidence: "404 by id",
      }));
    },
  };
  return { cloud: { on, state: "open", calls }, released };
}

/** A cloud whose every answer is an error. */
export function failingCloud(on: string, message = `${on} is down.`): OpenedCloud {
  const fail = async () => {
    throw new UnitrainError("PROVIDER_UNAVAILABLE", message);
  };
  return {
    on,
    state: "open",
    calls: { offers: fail, quote: fail, listUntracked: fail, releaseUntracked: fail },
  };
}

export const cloudWithoutKey: OpenedCloud = {
  on: "keyless",
  state: "no-key",
  variables: ["KEYLESS_API_KEY"],
};

/** An offer whose whole price is known. */
export function offer(machine: string, priceUsdPerHour: number, more: Partial<Quote> = {}): Quote {
  const [example] = exampleOffers;
  if (example === undefined) throw new Error("There is no example.");
  const { region: _, ...rest } = example;
  return { ...rest, machine, priceUsdPerHour, upfrontUsd: 0, otherUsdPerHour: 0, available: "yes", ...more };
}

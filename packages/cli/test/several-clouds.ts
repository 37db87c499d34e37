import { type Quote, UnitrainError } from "@unitrain/core";
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
    },
  };
}

/** A cloud whose every answer is an error. */
export function failingCloud(on: string, message = `${on} is down.`): OpenedCloud {
  const fail = async () => {
    throw new UnitrainError("PROVIDER_UNAVAILABLE", message);
  };
  return { on, state: "open", calls: { offers: fail, quote: fail } };
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

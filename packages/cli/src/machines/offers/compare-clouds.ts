import type { Quote } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { CloudCalls, OpenedCloud } from "../../context/cli-context.ts";
import { maskTexts } from "../../terminal/mask-texts.ts";

/** What became of a cloud in a comparison. */
interface ComparedCloud {
  /** The word after `--on` that names it. */
  readonly on: string;
  readonly state: "compared" | "no-key" | "failed";
  /** The environment variables of its key that are not set. */
  readonly variables?: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
}

/** An offer and the cloud that makes it. */
export interface CloudOffer {
  readonly on: string;
  readonly quote: Quote;
}

export interface Comparison {
  readonly offers: readonly CloudOffer[];
  readonly clouds: readonly ComparedCloud[];
}

/** Asks all clouds that have a key at the same time. One that fails hides no other. */
export async function compareClouds(
  opened: readonly OpenedCloud[],
  ask: (calls: CloudCalls) => Promise<readonly Quote[]>,
): Promise<Comparison> {
  const answers = await Promise.all(
    opened.map(async (cloud): Promise<Comparison> => {
      const { on } = cloud;
      if (cloud.state === "no-key")
        return { offers: [], clouds: [{ on, state: "no-key", variables: cloud.variables }] };
      try {
        if (cloud.state === "failed") throw cloud.error;
        const quotes = await ask(cloud.calls);
        return { offers: quotes.map((quote) => ({ on, quote })), clouds: [{ on, state: "compared" }] };
      } catch (error) {
        if (UnitrainError.isInstance(error) && error.code === "CANCELLED") throw error;
        return { offers: [], clouds: [{ on, state: "failed", error: describeFailure(error) }] };
      }
    }),
  );
  return {
    offers: answers.flatMap(({ offers }) => offers),
    clouds: answers.flatMap(({ clouds }) => clouds),
  };
}

/** Throws if no cloud answered: all of them failed, or none has a key. */
export function refuseNoAnswer({ clouds }: Pick<Comparison, "clouds">): void {
  if (clouds.some(({ state }) => state === "compared")) return;
  const failed = clouds.flatMap(({ on, error }) => (error === undefined ? [] : [`${on}: ${error.message}`]));
  const withoutKey = clouds.find(({ state }) => state === "no-key");
  if (failed.length === 0) {
    throw new UnitrainError("SECRET_MISSING", "There is no cloud to compare: none has a key.", {
      hint: `Store one: unitrain login ${withoutKey?.on ?? "<provider>"}. Or set its variable: ${clouds.flatMap(({ variables = [] }) => variables).join(", ")}.`,
    });
  }
  throw new UnitrainError("NOT_AVAILABLE", `No cloud has an offer. ${failed.join(" ")}`, {
    hint: "Ask one cloud to see its whole error: unitrain offers --on <provider>",
  });
}

/** Describes the error of a cloud, with secrets masked. */
export function describeFailure(error: unknown): { readonly code: string; readonly message: string } {
  const code = UnitrainError.isInstance(error) ? error.code : "ADAPTER_FAILED";
  return maskTexts({ code, message: error instanceof Error ? error.message : String(error) });
}

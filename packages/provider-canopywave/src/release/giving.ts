import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import { explain } from "../api/explain.ts";
import { ApiFailure, isStatus } from "../api/failure.ts";

/** Most is gone within seconds; what is not is asked after less often. */
const soonRounds = 10;
const laterMs = 5_000;

/** Everything that giving one thing back needs. */
export interface Giving {
  readonly calls: Calls;
  readonly context: RunContext;
  readonly resource: Resource;
  readonly project: string;
  /** Where it may be. */
  readonly regions: readonly string[];
  readonly pollMs: number;
  readonly now: () => number;
  /** When this call gives up; core calls again. */
  readonly until: number;
  /** From then on, what was asked for and is not there never came to be. */
  readonly settledAt: number;
}

/** What one round found: gone, in the provider's words; or what stands in the way still. */
export type Round = { readonly gone: string } | { readonly waitingFor: string };

/** Rounds, until it is gone or time is up. What CanopyWave fails to answer meanwhile is only waited for. */
export async function untilGone(giving: Giving, round: () => Promise<Round>): Promise<ReleaseProof> {
  const { context, now, pollMs, resource, until } = giving;
  for (let rounds = 0; ; rounds += 1) {
    let waitingFor: string;
    let failure: ApiFailure | undefined;
    try {
      const seen = await round();
      if ("gone" in seen) {
        return { resource, goneAt: new Date(now()).toISOString(), evidence: seen.gone };
      }
      waitingFor = seen.waitingFor;
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (isStatus(error, 401) || isStatus(error, 403)) throw explain(error, `giving back ${resource.name}`);
      failure = error;
      waitingFor = error.message;
    }
    if (now() >= until) throw unconfirmed(resource, waitingFor, failure);
    await context.wait(rounds < soonRounds ? pollMs : Math.max(pollMs, laterMs));
  }
}

function unconfirmed(resource: Resource, waitingFor: string, cause?: ApiFailure): UnitrainError {
  const { kind, id, name } = resource;
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `CanopyWave has not confirmed that the ${kind} ${name}${id && id !== name ? ` (${id})` : ""} is gone: ${waitingFor}.`,
    {
      hint: "Run `unitrain gc` until it is; or end it in CanopyWave's console.",
      retryable: true,
      cause,
    },
  );
}

import type { ApiRequestContext } from "@unitrain/core/http";
import { type ReleaseSteps, waitUntilGone as wait } from "@unitrain/core/http";
import type { ReleaseProof, Resource, RunContext } from "@unitrain/core/spec";
import { api } from "../api/api.ts";
import type { Calls } from "../api/calls.ts";
import { toUnitrainError } from "../api/explain.ts";
import type { Account } from "./account.ts";

/** Everything that releasing one resource needs. */
export interface ReleaseOperation {
  readonly calls: Calls;
  readonly context: RunContext;
  /** Context for the calls of a round: a single attempt each, because the next round is the retry. */
  readonly requestContext: ApiRequestContext;
  readonly resource: Resource;
  readonly project: string;
  /** Regions in which the resource may be. */
  readonly regions: readonly string[];
  readonly account: Account;
  readonly pollMs: number;
  readonly now: () => number;
  /** When this call gives up; core calls again. */
  readonly giveUpAt: number;
  /** From this time on, a requested resource that is not listed was never created. */
  readonly settledAt: number;
}

/** Runs rounds until the resource is proven gone or the time is over. */
export function waitUntilGone(operation: ReleaseOperation, steps: ReleaseSteps): Promise<ReleaseProof> {
  const { account, project } = operation;
  return wait(
    {
      ...operation,
      cloud: api.cloud,
      toUnitrainError,
      confirmAccount: () => account.confirmProject(project),
    },
    steps,
  );
}

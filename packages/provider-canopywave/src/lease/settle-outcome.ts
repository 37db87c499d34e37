import { type ApiFailure, type PollResult, settleOutcome as settle } from "@unitrain/core/http";
import { api } from "../api/api.ts";
import { findMessageMeaning } from "../api/explain.ts";
import type { LeaseOperation } from "./operation.ts";

/** Polls after a lost or invalid response until it is certain what it did. See `settleOutcome` of core. */
export function settleOutcome<T>(
  { context, now }: LeaseOperation,
  failure: ApiFailure,
  poll: () => Promise<PollResult<T>>,
): Promise<T | undefined> {
  return settle({ context, now, cloud: api.cloud, findMessageMeaning }, failure, poll);
}

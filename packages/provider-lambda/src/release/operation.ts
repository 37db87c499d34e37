import type { ApiRequestContext } from "@unitrain/core/http";
import type { Resource, RunContext } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";

/** Everything that releasing one resource needs. */
export interface ReleaseOperation {
  readonly calls: Calls;
  readonly context: RunContext;
  readonly requestContext: ApiRequestContext;
  readonly resource: Resource;
  readonly now: () => number;
}

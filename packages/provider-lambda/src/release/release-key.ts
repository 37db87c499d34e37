import { hasStatus, type ReleaseSteps, type RoundResult } from "@unitrain/core/http";
import type { ReleaseOperation } from "./operation.ts";

/** Returns the steps that remove every key of this exact name. A recorded key is removed without reading first. */
export function createKeyReleaseSteps(
  { calls, now, requestContext, resource }: ReleaseOperation,
  { settledAt, wasNeverRequested }: { readonly settledAt: number; readonly wasNeverRequested: boolean },
): ReleaseSteps {
  const remaining = new Set(resource.id === undefined ? [] : [resource.id]);
  const removed = new Set<string>();
  return {
    async end() {
      for (const id of remaining) {
        try {
          await calls.removeKey(id, requestContext);
        } catch (failure) {
          if (!hasStatus(failure, 404)) throw failure;
        }
        removed.add(id);
      }
      return removed.size > 0;
    },
    async prove(): Promise<RoundResult> {
      const listed = (await calls.keys(requestContext)).filter(({ name }) => name === resource.name);
      remaining.clear();
      for (const { id } of listed) remaining.add(id);
      if (listed.length > 0) return { waitingFor: "it is listed" };
      const evidence = `GET /ssh-keys lists no ${resource.name}`;
      if (removed.size > 0)
        return { gone: `DELETE /ssh-keys/${[...removed].join(", ")} was answered, and ${evidence}` };
      if (wasNeverRequested) return { gone: `it was never registered, and ${evidence}` };
      return now() >= settledAt
        ? { gone: `it never appeared: ${evidence}` }
        : { waitingFor: "it may appear late" };
    },
  };
}

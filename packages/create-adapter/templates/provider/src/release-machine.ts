import { hasStatus } from "@unitrain/core/http";
import type { ReleaseProof, Resource, RunContext } from "@unitrain/core/spec";
import type { Api, Kind } from "./api.ts";
import { explainFailures } from "./errors.ts";
import { findItems } from "./resources.ts";

const missesUntilGone = 2;
const maxRounds = 30;
const waitMs = 4_000;

// 9. Release everything and prove it. A cloud may answer a deletion well and do nothing, so the proof is that the resource is no
//    longer listed. Without a proof core calls this again, and tells the user that something may still cost money.
export async function releaseMachine(
  api: Api,
  resources: readonly Resource[],
  context: RunContext,
  now: () => number,
): Promise<readonly ReleaseProof[]> {
  const ours = resources.filter(({ onRelease }) => onRelease === "delete");
  const results = await Promise.allSettled(
    ours.map((resource) =>
      explainFailures(`releasing ${resource.name}`, () => release(api, resource, context, now)),
    ),
  );
  const proofs = results.flatMap((result) =>
    result.status === "fulfilled" && result.value !== undefined ? [result.value] : [],
  );
  const failed = results.find((result) => result.status === "rejected");
  // What is proven counts, even if something else failed.
  if (failed !== undefined && proofs.length === 0) throw failed.reason;
  return proofs;
}

async function release(
  api: Api,
  resource: Resource,
  context: RunContext,
  now: () => number,
): Promise<ReleaseProof | undefined> {
  const kind = resource.kind as Kind;
  let misses = 0;
  for (let round = 0; round < maxRounds; round += 1) {
    const found = await findItems(api, resource, context);
    misses = found.length === 0 ? misses + 1 : 0;
    if (misses === missesUntilGone) {
      const evidence = `GET /${kind}s does not list ${resource.name}`;
      return { resource, goneAt: new Date(now()).toISOString(), evidence };
    }
    for (const { id } of found) {
      await api.delete(kind, id, context).catch((failure: unknown) => {
        if (!hasStatus(failure, 404)) throw failure;
      });
    }
    await context.wait(waitMs);
  }
  return undefined;
}

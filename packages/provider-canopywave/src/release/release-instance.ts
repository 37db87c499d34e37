import type { ReleaseProof } from "@unitrain/core/spec";
import type { ListedInstance, Server } from "../api/answers.ts";
import { ApiFailure, isStatus } from "../api/failure.ts";
import { referenceOf, wasSeen } from "../names.ts";
import { type ReleaseOperation, type Round, untilGone } from "./operation.ts";

/** A terminate may be accepted and forgotten. */
const askAgainMs = 10_000;
/** An id that was never seen under our name is looked at once before it is terminated, for this long at most. */
const firstLookMs = 3_000;

/** One instance, by an id from the ledger or from the list. */
interface OurInstance {
  readonly id: string;
  readonly regions: readonly string[];
  /** The provider showed it under our name. */
  ours: boolean;
  /** It existed once; so when it cannot be found it is gone, and not merely young. */
  seen: boolean;
  notFound: number;
  askedAt?: number;
  gone?: string;
  state: string;
}

/**
 * Terminates the instance of the ledger at once, and every other one of this exact name as soon as the list shows it; then
 * proves by id that each one is gone. That the list leaves it out proves nothing.
 */
export function releaseInstance(operation: ReleaseOperation): Promise<ReleaseProof> {
  const { context, now, resource } = operation;
  const instances = new Map<string, OurInstance>();
  let listings = 0;
  const { asked } = referenceOf(resource);
  const seen = wasSeen(resource);
  const neverAsked = asked === false && resource.id === undefined;
  if (resource.id !== undefined) {
    // The id was noted together with the region that it was launched in.
    const regions = resource.region === undefined ? operation.regions : [resource.region];
    instances.set(resource.id, { ...unseen(resource.id, regions), ours: seen, seen });
  }
  const remaining = () => [...instances.values()].filter(({ gone }) => gone === undefined);

  return untilGone(operation, {
    async end() {
      await allOrFirstFailure(
        remaining().map(async (one) => {
          if (one.ours || !(await isAnothers(operation, one))) return terminate(operation, one);
          instances.delete(one.id);
          context.showStatus(`${one.id} is ${one.state}, which is not ours: it is left alone`);
        }),
      );
      return instances.size > 0;
    },
    async prove(): Promise<Round> {
      const [[listing], looks] = await Promise.all([
        Promise.allSettled([listOurs(operation)]),
        Promise.allSettled(remaining().map((one) => look(operation, one))),
      ]);
      // What the list shows is taken in whatever else failed: it is terminated in the next round.
      if (listing.status === "fulfilled") {
        listings += 1;
        for (const listed of listing.value) takeIn(operation, instances, listed);
      } else if (listings === 0 || instances.size === 0) {
        throw listing.reason;
      }
      for (const result of looks) if (result.status === "rejected") throw result.reason;
      for (const one of remaining()) {
        // Once may be a slip, and a young one may not be found yet.
        if (one.notFound >= 2 && (one.seen || now() >= operation.settledAt)) {
          one.gone = `GET /instances/${one.id} answered 404`;
        }
      }
      const left = remaining();
      if (left.length > 0) return { waitingFor: left.map(({ id, state }) => `${id} ${state}`).join(", ") };
      if (instances.size > 0) return { gone: [...instances.values()].map(({ gone }) => gone).join("; ") };
      if (neverAsked) return { gone: `it was never launched, and GET /instances lists no ${resource.name}` };
      if (now() < operation.settledAt || listings < 2) return { waitingFor: "it may appear late" };
      const since = resource.recordedAt === undefined ? "" : ` since ${resource.recordedAt}`;
      return { gone: `GET /instances never listed ${resource.name}, in ${listings} looks${since}` };
    },
  });
}

function unseen(id: string, regions: readonly string[]): OurInstance {
  return { id, regions, ours: false, seen: false, notFound: 0, state: "not looked at" };
}

function takeIn(
  { regions }: ReleaseOperation,
  instances: Map<string, OurInstance>,
  listed: ListedInstance,
): void {
  const { id, region } = listed;
  const one = instances.get(id) ?? unseen(id, region ? [region] : regions);
  instances.set(id, one);
  one.ours = true;
  one.seen = true;
  // Listed and not found at once is a fault of the API, so what it did not find is no proof.
  one.notFound = 0;
  if (one.gone?.endsWith("404")) delete one.gone;
}

/**
 * An absurd answer to a launch may have put somebody else's id into the ledger, where the process died before it looked.
 * Only a clear answer counts: when there is none, the id is ours.
 */
async function isAnothers(
  { asking, calls, project, resource }: ReleaseOperation,
  one: OurInstance,
): Promise<boolean> {
  const quickly = { ...asking, once: { timeoutMs: firstLookMs } };
  const looks = one.regions.map((region) => calls.instance({ project, region }, one.id, quickly));
  one.ours = true;
  for (const look of await Promise.allSettled(looks)) {
    if (look.status === "rejected") {
      if (!(look.reason instanceof ApiFailure)) throw look.reason;
      continue;
    }
    const { name } = look.value;
    if (!name) continue;
    one.state = name;
    return name !== resource.name;
  }
  return false;
}

async function terminate({ asking, calls, now, project }: ReleaseOperation, one: OurInstance): Promise<void> {
  if (one.askedAt !== undefined && now() - one.askedAt <= askAgainMs) return;
  await allOrFirstFailure(
    one.regions.map((region) =>
      calls.terminate({ project, region }, one.id, asking).catch((failure: unknown) => {
        if (!isStatus(failure, 404)) throw failure;
      }),
    ),
  );
  one.askedAt = now();
}

/** Whatever carries the exact name is ours: a lost answer may have left a second one. */
async function listOurs({
  asking,
  calls,
  project,
  resource,
}: ReleaseOperation): Promise<readonly ListedInstance[]> {
  const listed = await calls.instances(project, asking);
  return listed.filter(({ name }) => name === resource.name);
}

async function look({ asking, calls, project, resource }: ReleaseOperation, one: OurInstance): Promise<void> {
  for (const region of one.regions) {
    try {
      const server = await calls.instance({ project, region }, one.id, asking);
      one.seen ||= server.name === resource.name;
      one.notFound = 0;
      one.state = stateOf(server);
      if (/^(?:DELETED|TERMINATED)$/i.test(server.status)) {
        one.gone = `GET /instances/${one.id} says ${server.status.toUpperCase()}`;
      }
      return;
    } catch (failure) {
      if (!isStatus(failure, 404)) throw failure;
    }
  }
  one.notFound += 1;
  one.state = "not found";
}

function stateOf(server: Server): string {
  return [server.status, server["OS-EXT-STS:task_state"]].filter(Boolean).join(", ");
}

/** Lets every one of them end before the first failure is thrown: one that fails must not keep the others from being sent. */
async function allOrFirstFailure<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

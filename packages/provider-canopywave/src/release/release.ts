import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import { explained } from "../api/explain.ts";
import { isPassing } from "../api/failure.ts";
import { chooseProject } from "../choose/place.ts";
import { referenceOf, regionsOf } from "../names.ts";
import type { ParsedOptions } from "../options.ts";
import type { Giving } from "./giving.ts";
import { releaseAddress } from "./release-address.ts";
import { releaseInstance } from "./release-instance.ts";
import { releaseKey } from "./release-key.ts";

/** Below core's own patience with one call, so that what was confirmed is told. */
const patienceMs = 150_000;
/** Longer than anything was seen to take until it is listed (90 s). */
const settleMs = 120_000;

/** Gives everything back that it can, side by side; answers what is confirmed gone, and throws only when nothing is. */
export async function release(
  calls: Calls,
  options: ParsedOptions,
  resources: readonly Resource[],
  context: RunContext,
): Promise<readonly ReleaseProof[]> {
  const ours = resources.filter(({ giveBack }) => giveBack === "end");
  const until = options.now() + patienceMs;
  const asks = createAsks(calls, options, context, until);
  const owners = ours.flatMap(({ kind, name, id }) => (kind === "instance" && id ? [name, id] : [name]));
  const results = await Promise.allSettled(
    // The address first: which one is on our instance can be told only while that is there.
    [...ours].sort(addressesFirst).map(async (resource) => {
      const giving = await explained("giving back", () =>
        prepare(calls, options, resource, context, asks, until),
      );
      if (resource.kind === "instance") return releaseInstance(giving);
      if (resource.kind === "ssh-key") return releaseKey(giving);
      if (resource.kind === "address") return releaseAddress(giving, owners);
      throw unknownKind(resource);
    }),
  );
  const proofs = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (proofs.length === 0 && failures.length > 0) throw failures[0];
  for (const failure of failures) if (failure instanceof Error) context.say(failure.message);
  return proofs;
}

interface Asks {
  /** The project as the key sees it. Another account's key finds nothing of ours: its 404 would prove nothing. */
  project(wanted: string | undefined): Promise<string>;
  regions(project: string): Promise<readonly string[]>;
}

/** Each is asked once for all resources, and with patience. */
function createAsks(calls: Calls, { now }: ParsedOptions, context: RunContext, until: number): Asks {
  const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask();
      } catch (failure) {
        if (!isPassing(failure) || now() >= until) throw failure;
        await context.wait(2_000);
      }
    }
  };
  const asked = new Map<string, Promise<unknown>>();
  const once = <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    const answer = (asked.get(what) as Promise<T> | undefined) ?? patiently(ask);
    asked.set(what, answer);
    return answer;
  };
  return {
    project: (wanted) =>
      once(`project ${wanted}`, async () => {
        if (wanted === undefined) return chooseProject(calls, undefined, context);
        if ((await calls.projects(context)).includes(wanted)) return wanted;
        throw otherAccount(wanted);
      }),
    regions: (project) => once(`regions ${project}`, () => calls.regions(project, context)),
  };
}

async function prepare(
  calls: Calls,
  { settings, now }: ParsedOptions,
  resource: Resource,
  context: RunContext,
  asks: Asks,
  until: number,
): Promise<Giving> {
  if (!resource.name.startsWith("unitrain-")) throw unknownKind(resource);
  const project = await asks.project(referenceOf(resource).project ?? settings.project);
  const noted = regionsOf(resource);
  const regions = noted.length > 0 ? noted : await asks.regions(project);
  const recorded = Date.parse(resource.recordedAt ?? "");
  const time = now();
  return {
    calls,
    context,
    resource,
    project,
    regions,
    pollMs: settings.pollMs ?? 1_000,
    now,
    until,
    // A clock that was set back must not make it wait for hours.
    settledAt: Number.isNaN(recorded) ? time + settleMs : Math.min(recorded, time) + settleMs,
  };
}

function otherAccount(project: string): UnitrainError {
  return new UnitrainError("PROVIDER_ACCESS", `The CanopyWave API key does not see the project ${project}.`, {
    hint: "Give back with the key that it was rented with (option apiKey, variable CANOPYWAVE_API_KEY): another one finds nothing.",
  });
}

function addressesFirst(one: Resource, other: Resource): number {
  return Number(other.kind === "address") - Number(one.kind === "address");
}

function unknownKind({ kind, name }: Resource): UnitrainError {
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `The ${kind} ${name} is nothing that unitrain rents at CanopyWave.`,
    {
      hint: "It is not touched. See the ledger of the run.",
    },
  );
}

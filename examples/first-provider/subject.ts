import { type ProviderAbility, type ProviderSubject, virtualClock } from "@unitrain/conformance";
import toyCloud from "./provider.ts";
import { startToyCloud } from "./toy-cloud.ts";

/** What the provider does not implement, and what cannot happen in a cloud where names are unique and each machine is asked for by name. */
export const lacks: readonly ProviderAbility[] = [
  "list",
  "self-release",
  "created-twice",
  "missing-once",
  "many-others",
];

/** Starts a toy cloud for one check, in which waiting takes no time. */
export async function start(): Promise<ProviderSubject> {
  const clock = virtualClock();
  const cloud = await startToyCloud(clock);
  process.env.TOY_CLOUD_KEY = cloud.key;
  const { listExisting, faults, clearFaults, close } = cloud;
  const create = () => toyCloud({ url: cloud.url });
  return {
    provider: create(),
    recreate: create,
    clock,
    secrets: [cloud.key],
    listExisting,
    faults,
    clearFaults,
    close,
  };
}

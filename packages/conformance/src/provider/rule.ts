import { type Attempt, demand, describeError } from "../suite/demand.ts";
import type { Rule } from "../suite/rule.ts";
import type { LeaseUnderTest, RentOptions } from "./lease-under-test.ts";
import type { ExistingResource, ProviderAbility } from "./subject.ts";
import type { ProviderBed } from "./testbed.ts";

/** A rule of the provider suite. */
export type ProviderRule<Id extends string = string> = Rule<ProviderBed, ProviderAbility, Id>;

/** Keeps the literal ids of a list of rules, so that a test knows each of them. */
export function providerRules<const Id extends string>(
  rules: readonly ProviderRule<Id>[],
): readonly ProviderRule<Id>[] {
  return rules;
}

/** Rents a machine, and fails the rule if that does not succeed. */
export async function rent(
  bed: ProviderBed,
  options: RentOptions = {},
  machineNumber = 1,
): Promise<LeaseUnderTest> {
  const lease = bed.lease(machineNumber);
  demandSuccess("lease()", await lease.rent(options));
  return lease;
}

/** Fails the rule if a call failed that should have succeeded. */
export function demandSuccess<T>(call: string, result: Attempt<T>): T {
  if ("value" in result) return result.value;
  demand(false, `${call} failed: ${describeError(result.error)}. It should have succeeded.`);
}

/** Fails the rule if anything of ours exists in the cloud. */
export async function demandNothingLeft(
  bed: ProviderBed,
  when: string,
  concerns: (resource: ExistingResource) => boolean = () => true,
): Promise<void> {
  let ours = (await bed.listOurs()).filter(concerns);
  // What is proven too early is the concern of another rule, so it may still end.
  for (let polls = 0; polls < 12 && ours.length > 0; polls += 1) {
    await bed.clock.wait(5_000);
    ours = (await bed.listOurs()).filter(concerns);
  }
  demand(ours.length === 0, `${when}, the cloud still has ${describeResources(ours)}.`);
}

/** Returns resources as words: `instance a, key b`. */
export function describeResources(
  resources: readonly { readonly kind: string; readonly name?: string; readonly id?: string }[],
): string {
  return resources.map(({ kind, name, id }) => `${kind} ${name ?? id}`).join(", ");
}

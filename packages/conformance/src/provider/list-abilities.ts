import type { ProviderAbility, ProviderFaults, ProviderSubject } from "./subject.ts";

/** Returns the abilities that a provider and its test setup show. */
export function listAbilities(subject: ProviderSubject): ReadonlySet<ProviderAbility> {
  const { provider, faults = {}, secrets = [] } = subject;
  const abilities: Readonly<Partial<Record<ProviderAbility, boolean>>> = {
    rental: provider.ownership === "rented",
    recipe: provider.recipe !== undefined,
    list: provider.list !== undefined,
    "self-release": provider.selfRelease !== undefined,
    secrets: secrets.length > 0,
  };
  const shown = Object.entries(abilities).flatMap(([name, has]) => (has ? [name as ProviderAbility] : []));
  const playable = Object.entries(faults).flatMap(([name, play]) =>
    play === undefined ? [] : [name as keyof ProviderFaults],
  );
  return new Set([...shown, ...playable]);
}

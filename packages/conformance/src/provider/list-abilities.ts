import type { ProviderAbility, ProviderFaults, ProviderSubject } from "./subject.ts";

/** The member of the provider or of its test setup that provides each ability. */
export const providerMembers: Readonly<Record<ProviderAbility, string>> = {
  rental: 'provider.ownership: "rented"',
  recipe: "provider.recipe",
  list: "provider.list",
  "self-release": "provider.selfRelease",
  secrets: "secrets",
  "lost-answer": 'faults["lost-answer"]',
  "created-twice": 'faults["created-twice"]',
  "ignored-delete": 'faults["ignored-delete"]',
  "missing-once": 'faults["missing-once"]',
  "machine-lost": 'faults["machine-lost"]',
  "unknown-status": 'faults["unknown-status"]',
  "rate-limit": 'faults["rate-limit"]',
  "out-of-stock": 'faults["out-of-stock"]',
  "price-raised": 'faults["price-raised"]',
  outage: "faults.outage",
  silence: "faults.silence",
  unauthorized: "faults.unauthorized",
  "many-others": 'faults["many-others"]',
  "hostile-text": 'faults["hostile-text"]',
  "echoed-secret": 'faults["echoed-secret"]',
};

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

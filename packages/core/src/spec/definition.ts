import type { Framework } from "./framework.ts";
import type { Plugin } from "./plugin.ts";
import type { Provider } from "./provider.ts";
import type { Transport } from "./transport.ts";

/** What `defineProvider` takes. Use it to check the parts of a provider: `… satisfies Partial<ProviderDefinition>`. */
export interface ProviderDefinition extends Omit<Provider, "specVersion"> {}

/** What `defineTransport` takes. */
export interface TransportDefinition extends Omit<Transport, "specVersion"> {}

/** What `defineFramework` takes. */
export interface FrameworkDefinition extends Omit<Framework, "specVersion"> {}

/** What `definePlugin` takes. */
export interface PluginDefinition extends Omit<Plugin, "specVersion"> {}

/**
 * Resolves to anything if no required member of a definition is missing from `Member`, the members that the compiler found. Else its
 * message begins with the names of those that are missing: `… is not assignable to parameter of type 'MissingMember<"release"> & …'`.
 */
export type IfComplete<Definition, Member extends keyof Definition> = [
  Exclude<RequiredMember<Definition>, Member>,
] extends [never]
  ? unknown
  : MissingMember<Exclude<RequiredMember<Definition>, Member>>;

/** Stands in a message of the compiler for the members that a definition lacks. */
export interface MissingMember<Name> {
  readonly missingMember: Name;
}

type RequiredMember<Definition> = {
  [Member in keyof Definition]-?: Record<never, never> extends Pick<Definition, Member> ? never : Member;
}[keyof Definition];

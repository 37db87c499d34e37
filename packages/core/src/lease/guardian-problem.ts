import type { Ports } from "../ports.ts";
import type { Framework, Plugin, Provider, Transport } from "../spec/index.ts";
import { ensureGuardian } from "./start-guardian.ts";

/** What a guardian needs in order to continue a run: it creates the adapters again from their recipes. */
export interface GuardedRun {
  readonly home: string;
  readonly ports: Ports;
  /** The command that starts a guardian, or `false` if none may be started. By default a script of this package. */
  readonly guardian: readonly string[] | false | undefined;
  readonly provider: Provider;
  readonly transport: Transport;
  readonly framework: Framework;
  readonly plugins: readonly Plugin[];
}

/** Returns why no other process can continue the run, or undefined if a guardian is running. */
export async function findGuardianProblem(run: GuardedRun): Promise<string | undefined> {
  const { home, ports, guardian: command, provider, transport, framework, plugins } = run;
  // The provider creates its default transport, which then needs no recipe.
  const isDefault = provider.defaultTransport?.().name === transport.name;
  const adapters = [provider, ...(isDefault ? [] : [transport]), framework, ...plugins];
  const adapter = adapters.find(({ recipe }) => recipe === undefined);
  if (adapter !== undefined) return `"${adapter.name}" has no recipe, so another process cannot create it`;
  const guardian = await ensureGuardian({ home, ...ports, command });
  return "missing" in guardian ? guardian.missing : undefined;
}

import type { Provider, Transport } from "@unitrain/core";
import { createFromModule } from "../modules/create-from-module.ts";
import type { MachineTarget } from "./resolve-machine.ts";

/** The adapters for a machine. Without a transport, the provider has its own. */
export interface Adapters {
  readonly provider: Provider;
  readonly transport?: Transport;
}

/** Creates the adapters for a machine. Loads only the packages that this machine needs. */
export async function createAdapters(target: MachineTarget, workingFolder: string): Promise<Adapters> {
  switch (target.kind) {
    case "local":
      return { provider: (await import("@unitrain/provider-local")).local() };
    case "ssh":
      return withTransport((await import("@unitrain/provider-ssh")).sshMachine(target.target));
    case "cloud":
      return withTransport(
        await target.cloud.create(target.region === undefined ? {} : { region: target.region }),
      );
    case "module":
      return withTransport(await createFromModule("provider", target, { workingFolder }));
  }
}

/** Adds our SSH transport to a provider that has no transport of its own and whose machines use SSH. */
export async function withTransport(provider: Provider): Promise<Adapters> {
  if (provider.defaultTransport !== undefined || provider.connectionKind !== "ssh") return { provider };
  return { provider, transport: (await import("@unitrain/transport-ssh")).ssh() };
}

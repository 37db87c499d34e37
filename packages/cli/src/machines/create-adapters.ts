import type { Provider, Transport } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { LoadModule } from "../modules/load-module.ts";
import type { MachineTarget } from "./resolve-machine.ts";

/** The adapters for a machine. Without a transport, the provider has its own. */
export interface Adapters {
  readonly provider: Provider;
  readonly transport?: Transport;
}

/** Creates the adapters for a machine. Loads only the packages that this machine needs. */
export async function createAdapters(target: MachineTarget, load: LoadModule): Promise<Adapters> {
  switch (target.kind) {
    case "local":
      return { provider: (await import("@unitrain/provider-local")).local() };
    case "ssh":
      return withTransport((await import("@unitrain/provider-ssh")).sshMachine(target.target));
    case "canopywave":
      // Requirements such as the GPU and the price are part of the plan's request.
      return withTransport(
        (await import("@unitrain/provider-canopywave")).canopywave(readAdapterOptions(target)),
      );
    case "module":
      return withTransport(await loadProvider(target.module, load));
  }
}

function readAdapterOptions({ region }: Extract<MachineTarget, { kind: "canopywave" }>) {
  return region === undefined ? {} : { region };
}

/** Adds our SSH transport to a provider that has no transport of its own and whose machines use SSH. */
export async function withTransport(provider: Provider): Promise<Adapters> {
  if (provider.defaultTransport !== undefined || provider.connectionKind !== "ssh") return { provider };
  return { provider, transport: (await import("@unitrain/transport-ssh")).ssh() };
}

/** Loads the provider of a module: its default export or `provider`, which is a provider or a function that creates one. The function gets `{}`, now and whenever the run is attached to again. */
async function loadProvider(module: string, load: LoadModule): Promise<Provider> {
  const exported = (await loaded(module, load)) as Readonly<Record<string, unknown>>;
  const exportName = exported.default === undefined ? "provider" : "default";
  const exportedValue = exported[exportName];
  const created =
    typeof exportedValue === "function"
      ? await createProvider(exportedValue as (options: unknown) => unknown)
      : exportedValue;
  if (typeof created !== "object" || created === null || !("quote" in created)) {
    throw new UnitrainError("INVALID_ADAPTER", `${module} does not export a provider.`, {
      hint: "Export a provider, or a function that creates one, as its default or as `provider`; see defineProvider().",
    });
  }
  const provider = created as Provider;
  if (provider.recipe !== undefined || typeof exportedValue !== "function") return provider;
  return { ...provider, recipe: { module, exportName, options: {}, secrets: [] } };
}

async function createProvider(factory: (options: unknown) => unknown): Promise<unknown> {
  const { createAdapter } = await import("@unitrain/core");
  return createAdapter("provider", factory, { options: {}, secrets: [] });
}

async function loaded(module: string, load: LoadModule): Promise<unknown> {
  try {
    return await load(module);
  } catch (error) {
    if (UnitrainError.isInstance(error)) throw error;
    const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UnitrainError("INVALID_ADAPTER", `${module} cannot be loaded: ${message}`, {
      hint: "Install it in this folder, or name a file: --on ./provider.ts",
      cause: error,
    });
  }
}

import type { Provider, Transport } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { LoadModule } from "../modules/load-module.ts";
import type { MachineNamed } from "./machine-named.ts";

/** What a run on a machine is put together from; without a transport the provider brings its own. */
export interface Adapters {
  readonly provider: Provider;
  readonly transport?: Transport;
}

/** The adapters for a machine. Each package is loaded only when it is named. */
export async function adaptersFor(named: MachineNamed, load: LoadModule): Promise<Adapters> {
  switch (named.kind) {
    case "local":
      return { provider: (await import("@unitrain/provider-local")).local() };
    case "ssh":
      return withTransport((await import("@unitrain/provider-ssh")).sshMachine(named.target));
    case "canopywave":
      // What is asked of the machine (GPU, price) goes with the plan's request.
      return withTransport((await import("@unitrain/provider-canopywave")).canopywave(optionsOf(named)));
    case "module":
      return withTransport(await providerOf(named.module, load));
  }
}

function optionsOf({ region }: Extract<MachineNamed, { kind: "canopywave" }>) {
  return region === undefined ? {} : { region };
}

/** A provider that brings no transport, and whose machines are reached by SSH, gets ours. */
export async function withTransport(provider: Provider): Promise<Adapters> {
  if (provider.defaultTransport !== undefined || provider.connectionKind !== "ssh") return { provider };
  return { provider, transport: (await import("@unitrain/transport-ssh")).ssh() };
}

/** A provider, or what makes one: the module's default export, or `provider`. It is made of `{}`, here and whenever the run is taken up again. */
async function providerOf(module: string, load: LoadModule): Promise<Provider> {
  const exported = (await loaded(module, load)) as Readonly<Record<string, unknown>>;
  const exportName = exported.default === undefined ? "provider" : "default";
  const exportedValue = exported[exportName];
  const created =
    typeof exportedValue === "function"
      ? await madeBy(exportedValue as (options: unknown) => unknown)
      : exportedValue;
  if (typeof created !== "object" || created === null || !("quote" in created)) {
    throw new UnitrainError("INVALID_ADAPTER", `${module} exports no provider.`, {
      hint: "It must export one, or a function that makes one, as its default or as `provider`; see defineProvider().",
    });
  }
  const provider = created as Provider;
  if (provider.recipe !== undefined || typeof exportedValue !== "function") return provider;
  return { ...provider, recipe: { module, exportName, options: {}, secrets: [] } };
}

async function madeBy(factory: (options: unknown) => unknown): Promise<unknown> {
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

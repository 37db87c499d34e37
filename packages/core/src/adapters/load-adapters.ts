import type { AdapterKind } from "../spec/adapter-shape.ts";
import {
  type AdapterDescriptor,
  type Framework,
  type Plan,
  type Plugin,
  type Provider,
  type Transport,
  UnitrainError,
} from "../spec/index.ts";
import type { AdapterSet } from "./assemble.ts";
import { importFromFolder } from "./import-from-folder.ts";
import { type ProtectedAdapter, protectAdapter } from "./protect.ts";
import { createFromRecipe, type Load } from "./recipe.ts";
import { createUnavailableAdapter } from "./unavailable.ts";

/** Adapters that already exist in this process, so that they need not be created from their recipes. */
export type PreloadedAdapters = Partial<AdapterSet>;

export interface LoadAdaptersOptions {
  readonly preloaded: PreloadedAdapters;
  /** By default from the run's working folder. */
  readonly load: Load | undefined;
  /** The folder that the run was started in. */
  readonly workingFolder: string | undefined;
  /** If set, adapters other than the provider may fail to load. It is called with the error of a transport or a framework. */
  readonly onFailure?: (error: UnitrainError) => void;
}

interface LoadedAdapters {
  readonly provider: ProtectedAdapter<Provider>;
  readonly transport: ProtectedAdapter<Transport>;
  readonly framework: ProtectedAdapter<Framework>;
  readonly plugins: readonly Plugin[];
}

/** Loads the adapters that a plan names. */
export async function loadAdapters(
  plan: Pick<Plan, "provider" | "transport" | "framework" | "plugins">,
  { preloaded, load = importFromFolder, workingFolder = process.cwd(), onFailure }: LoadAdaptersOptions,
): Promise<LoadedAdapters> {
  const loadAdapter = async <T extends { readonly name: string }>(
    kind: AdapterKind,
    descriptor: AdapterDescriptor,
    candidates: readonly (T | undefined)[],
  ): Promise<ProtectedAdapter<T>> => {
    const existing = candidates.find((candidate) => candidate?.name === descriptor.name);
    if (existing !== undefined) return protectAdapter(existing);
    try {
      return protectAdapter(await createFromRecipe<T>(kind, descriptor, { load, folder: workingFolder }));
    } catch (error) {
      if (onFailure === undefined || kind === "provider" || !UnitrainError.isInstance(error)) throw error;
      // Without a plugin the model can still be downloaded.
      if (kind !== "plugin") onFailure(error);
      return protectAdapter(createUnavailableAdapter<T>(kind, descriptor.name, error));
    }
  };
  const provider = await loadAdapter<Provider>("provider", plan.provider, [preloaded.provider]);
  const transports = [preloaded.transport, provider.defaultTransport?.()];
  return {
    provider,
    transport: await loadAdapter<Transport>("transport", plan.transport, transports),
    framework: await loadAdapter<Framework>("framework", plan.framework, [preloaded.framework]),
    plugins: await Promise.all(
      plan.plugins.map((descriptor) => loadAdapter<Plugin>("plugin", descriptor, preloaded.plugins ?? [])),
    ),
  };
}

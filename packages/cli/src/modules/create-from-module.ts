import type { Framework, Plugin, Provider } from "@unitrain/core";
import { findAdapterFault, UnitrainError } from "@unitrain/core/spec";
import { describeModule, readAdapterPackage } from "./adapter-package.ts";
import { createLoadError } from "./load-error.ts";
import { isBundled, loadModuleFrom } from "./load-module.ts";

/** The module of an adapter, and where it is installed. */
export interface AdapterModule {
  /** A package or one of its entries, or the `file:` URL of a file. */
  readonly module: string;
  /** The folder from which a package is resolved: the one in which the word that names it was written. */
  readonly folder: string;
}

interface Adapters {
  readonly provider: Provider;
  readonly framework: Framework;
  readonly plugin: Plugin;
}

export interface CreateOptions {
  /** Returns the options of the adapter. It is called once its module is loaded. */
  readonly options?: () => Promise<unknown>;
  /** The folder that a run remembers. */
  readonly workingFolder: string;
}

/**
 * Creates the adapter of a module: its default export, or the one that is named after the kind, which is an adapter or a function
 * that creates one. Another process can create it again. Everything that makes it unusable is reported here, before anything is
 * spent, with the name, version and folder of the package.
 *
 * @throws UnitrainError `INVALID_ADAPTER`, or the function's own error.
 */
export async function createFromModule<Kind extends keyof Adapters>(
  kind: Kind,
  { module, folder }: AdapterModule,
  { options = async () => ({}), workingFolder }: CreateOptions,
): Promise<Adapters[Kind]> {
  const exported = await loadAdapterModule(kind, { module, folder });
  const exportName = exported.default === undefined ? kind : "default";
  const value = exported[exportName];
  const factory = typeof value === "function" ? (value as (options: unknown) => unknown) : undefined;
  const recipeOptions = factory === undefined ? {} : await options();
  const adapter =
    factory === undefined
      ? value
      : (await callFactory(kind, { module, folder }, factory, recipeOptions)).adapter;
  const fault = findExportFault(kind, value) ?? findAdapterFault(kind, adapter);
  if (fault !== undefined) throw createFaultError(kind, { module, folder }, fault);
  const created = adapter as Adapters[Kind];
  if (factory === undefined) return created;
  const isElsewhere = folder !== workingFolder && !module.startsWith("file:") && !isBundled(module);
  const recipe = {
    ...(created.recipe ?? { module, exportName, options: recipeOptions, secrets: [] }),
    ...(isElsewhere ? { folder } : {}),
  };
  // An instance of a class has methods that a copy would lose.
  return Object.isExtensible(created) ? Object.assign(created, { recipe }) : { ...created, recipe };
}

/** Loads a module of an adapter, or one of its entries. Throws `INVALID_ADAPTER` if the package does not work with this version of unitrain or cannot be loaded. */
export async function loadAdapterModule(
  kind: keyof Adapters,
  { module, folder }: AdapterModule,
): Promise<Readonly<Record<string, unknown>>> {
  await checkVersion({ module, folder });
  try {
    return (await loadModuleFrom(folder)(module)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw createLoadError(kind, { module, folder }, error);
  }
}

/** Throws `INVALID_ADAPTER` if the package says that it does not work with this version of unitrain. */
export async function checkVersion({ module, folder }: AdapterModule): Promise<void> {
  if (module.startsWith("file:") || isBundled(module)) return;
  const found = readAdapterPackage(module, folder);
  if (found?.coreRange !== undefined) (await import("./check-version.ts")).checkPackageVersion(found);
}

/** Calls a factory. What it throws itself names the options that are wrong; any other error names the package. */
async function callFactory(
  kind: keyof Adapters,
  { module, folder }: AdapterModule,
  factory: (options: unknown) => unknown,
  options: unknown,
): Promise<{ readonly adapter: unknown }> {
  const { createAdapter } = await import("@unitrain/core");
  try {
    // In an object, because a promise would be awaited, and no other process would do so.
    return { adapter: createAdapter(kind, factory, { options, secrets: [] }) };
  } catch (error) {
    if (isBundled(module) || !UnitrainError.isInstance(error) || error.code !== "INVALID_ADAPTER")
      throw error;
    const { message, hint, cause } = error;
    throw new UnitrainError("INVALID_ADAPTER", `${describeModule(module, folder)}: ${message}`, {
      hint,
      cause,
      phase: "plan",
    });
  }
}

/** Returns why an export cannot be an adapter or a function that creates one, as a clause. */
function findExportFault(kind: keyof Adapters, value: unknown): string | undefined {
  if (value === undefined) return `it exports no ${kind}, as its default or as \`${kind}\``;
  return typeof value === "object" || typeof value === "function"
    ? undefined
    : `what it exports is not a ${kind} but a ${typeof value}`;
}

function createFaultError(
  kind: keyof Adapters,
  { module, folder }: AdapterModule,
  fault: string,
): UnitrainError {
  const advice = `Export a ${kind}, or a function that creates one; see ${defineNames[kind]}().`;
  return new UnitrainError("INVALID_ADAPTER", `${describeModule(module, folder)} cannot be used: ${fault}.`, {
    hint: module.startsWith("file:")
      ? advice
      : `Install another version of ${module}. If it is yours: ${advice}`,
    phase: "plan",
  });
}

const defineNames = { provider: "defineProvider", framework: "defineFramework", plugin: "definePlugin" };

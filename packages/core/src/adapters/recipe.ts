import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createOutputSanitizer } from "../sanitize/output-sanitizer.ts";
import { type AdapterKind, checkAdapter } from "../spec/adapter-shape.ts";
import { type AdapterDescriptor, type AdapterRecipe, UnitrainError } from "../spec/index.ts";

/** Imports a module as seen from a folder. `secrets` names the environment variables that its adapter will read. */
export type Load = (module: string, folder: string, secrets?: readonly string[]) => Promise<unknown>;

/** Imports a module as seen from the folder that a run was started in, which may have packages of its own. */
export const loadFromFolder: Load = (module, folder) => {
  if (module.startsWith("file:") || module.startsWith("node:")) return import(module);
  const resolve = createRequire(join(folder, "package.json")).resolve;
  return import(pathToFileURL(resolve(module)).href);
};

/**
 * Creates an adapter from the recipe that a plan keeps. `load` imports its module as seen from `folder`.
 *
 * @throws UnitrainError `INVALID_ADAPTER` if it has no recipe, its module cannot be loaded, or the result is not such an adapter; or the
 * factory's own `UnitrainError`.
 */
export async function createFromRecipe<T>(
  kind: AdapterKind,
  descriptor: AdapterDescriptor,
  { load, folder }: { readonly load: Load; readonly folder: string },
): Promise<T> {
  const { name, recipe } = descriptor;
  if (recipe === undefined) {
    throw new UnitrainError("INVALID_ADAPTER", `Cannot create the ${kind} "${name}": it has no recipe.`, {
      hint: "Attach from a program that has the adapter: createUnitrain({ … }).attach(…). Its author can add a `recipe`.",
    });
  }
  let factory: unknown;
  try {
    factory = ((await load(recipe.module, folder, recipe.secrets)) as Record<string, unknown>)[
      recipe.exportName
    ];
  } catch (error) {
    throw maskError(
      recipe,
      new UnitrainError(
        "INVALID_ADAPTER",
        `Cannot load the ${kind} "${name}": ${recipe.module} is not installed here.`,
        {
          hint: `Install ${recipe.module} in this folder, or change to the folder that the run was started in.`,
          cause: error,
        },
      ),
    );
  }
  if (typeof factory !== "function") {
    throw new UnitrainError("INVALID_ADAPTER", `${recipe.module} does not export ${recipe.exportName}().`, {
      hint: "Install the version that the run was started with.",
    });
  }
  const adapter = createAdapter(kind, factory as (options: unknown) => unknown, recipe);
  checkAdapter(kind, adapter);
  return adapter as T;
}

/**
 * Calls the factory of an adapter with its options. The secrets that `secrets` names are masked in its errors.
 *
 * @throws UnitrainError `INVALID_ADAPTER`, or the factory's own `UnitrainError`.
 */
export function createAdapter(
  kind: AdapterKind,
  factory: (options: unknown) => unknown,
  { options, secrets }: Pick<AdapterRecipe, "options" | "secrets">,
): unknown {
  try {
    return factory(options);
  } catch (error) {
    if (UnitrainError.isInstance(error)) throw maskError({ secrets }, error);
    const message = error instanceof Error ? error.message : String(error);
    throw maskError(
      { secrets },
      new UnitrainError("INVALID_ADAPTER", `Cannot create the ${kind}: ${message}`, {
        hint: "Check the options of the adapter. See the cause for details.",
        cause: error,
      }),
    );
  }
}

function maskError({ secrets }: Pick<AdapterRecipe, "secrets">, error: UnitrainError): UnitrainError {
  const sanitizer = createOutputSanitizer();
  for (const name of secrets) sanitizer.register(process.env[name] ?? "");
  return sanitizer.maskError(error);
}

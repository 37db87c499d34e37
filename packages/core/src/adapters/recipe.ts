import { createOutputSanitizer } from "../sanitize/output-sanitizer.ts";
import { type AdapterKind, checkAdapter } from "../spec/adapter-shape.ts";
import { type AdapterDescriptor, type AdapterRecipe, UnitrainError } from "../spec/index.ts";

/** Imports a module as seen from a folder. `secrets` names the environment variables that its adapter will read. */
export type Load = (module: string, folder: string, secrets?: readonly string[]) => Promise<unknown>;

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
    const exported = await load(recipe.module, recipe.folder ?? folder, recipe.secrets);
    factory = (exported as Record<string, unknown>)[recipe.exportName];
  } catch (error) {
    if (UnitrainError.isInstance(error)) throw maskError(recipe, error);
    throw maskError(recipe, createLoadError(kind, name, recipe, error));
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
    const adapter = factory(options);
    // A promise is not an adapter, and its rejection must not end the process.
    if (adapter instanceof Promise) adapter.catch(() => {});
    return adapter;
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

function createLoadError(
  kind: AdapterKind,
  name: string,
  { module }: AdapterRecipe,
  cause: unknown,
): UnitrainError {
  const message = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
  // The package itself is missing, and not one that it imports.
  const isMissing =
    (cause as NodeJS.ErrnoException | null)?.code === "ERR_MODULE_NOT_FOUND" &&
    message.includes(`'${module}'`);
  return isMissing
    ? new UnitrainError(
        "INVALID_ADAPTER",
        `Cannot load the ${kind} "${name}": ${module} is not installed here.`,
        {
          hint: `Install ${module} in this folder, or change to the folder that the run was started in.`,
          cause,
        },
      )
    : new UnitrainError("INVALID_ADAPTER", `Cannot load the ${kind} "${name}" from ${module}: ${message}`, {
        hint: "Install the version that the run was started with, or one that works with this version of unitrain.",
        cause,
      });
}

function maskError({ secrets }: Pick<AdapterRecipe, "secrets">, error: UnitrainError): UnitrainError {
  const sanitizer = createOutputSanitizer();
  for (const name of secrets) sanitizer.register(process.env[name] ?? "");
  return sanitizer.maskError(error);
}

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createOutputSanitizer } from "../sanitize/output-sanitizer.ts";
import { type AdapterDescriptor, type AdapterRecipe, UnitrainError } from "../spec/index.ts";
import { type AdapterKind, checkAdapter } from "./shape.ts";

export type Load = (module: string, folder: string) => Promise<unknown>;

/** `import()` as seen from the folder a run was started in, where the user's own packages are. */
export const loadFromFolder: Load = (module, folder) => {
  if (module.startsWith("file:") || module.startsWith("node:")) return import(module);
  const resolve = createRequire(join(folder, "package.json")).resolve;
  return import(pathToFileURL(resolve(module)).href);
};

/** Makes an adapter again that another process wrote down. */
export async function createFromRecipe<T>(
  kind: AdapterKind,
  descriptor: AdapterDescriptor,
  { load, folder }: { readonly load: Load; readonly folder: string },
): Promise<T> {
  const { name, recipe } = descriptor;
  if (recipe === undefined) {
    throw new UnitrainError("INVALID_ADAPTER", `The ${kind} "${name}" does not say how to make it again.`, {
      hint: "Attach from a program that has it: createUnitrain({ … }).attach(…). Its author can add a `recipe`.",
    });
  }
  let factory: unknown;
  try {
    factory = ((await load(recipe.module, folder)) as Record<string, unknown>)[recipe.exportName];
  } catch (error) {
    throw maskError(
      recipe,
      new UnitrainError(
        "INVALID_ADAPTER",
        `The ${kind} "${name}" cannot be loaded: ${recipe.module} is not installed here.`,
        {
          hint: `Install ${recipe.module} in this folder, or go to the folder the run was started in.`,
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
 * Calls the factory of an adapter. What it throws is masked, as everything that an adapter says: the values of its
 * `origin.secrets` are known before it is called.
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
      new UnitrainError("INVALID_ADAPTER", `The ${kind} cannot be made: ${message}`, {
        hint: "This is a fault of the adapter, or of its options; the cause says more.",
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

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type AdapterNote, UnitrainError } from "../spec/index.ts";
import { type AdapterKind, checkAdapter } from "./shape.ts";

export type Load = (module: string, folder: string) => Promise<unknown>;

/** `import()` as seen from the folder a run was started in, where the user's own packages are. */
export const loadFromFolder: Load = (module, folder) => {
  if (module.startsWith("file:") || module.startsWith("node:")) return import(module);
  const resolve = createRequire(join(folder, "package.json")).resolve;
  return import(pathToFileURL(resolve(module)).href);
};

/** Makes an adapter again that another process wrote down. */
export async function remake<T>(
  kind: AdapterKind,
  note: AdapterNote,
  { load, folder }: { readonly load: Load; readonly folder: string },
): Promise<T> {
  const { name, origin } = note;
  if (origin === undefined) {
    throw new UnitrainError("INVALID_ADAPTER", `The ${kind} "${name}" does not say how to make it again.`, {
      hint: "Attach from a program that has it: createUnitrain({ … }).attach(…). Its author can add an `origin`.",
    });
  }
  let factory: unknown;
  try {
    factory = ((await load(origin.module, folder)) as Record<string, unknown>)[origin.make];
  } catch (error) {
    throw new UnitrainError(
      "INVALID_ADAPTER",
      `The ${kind} "${name}" cannot be loaded: ${origin.module} is not installed here.`,
      {
        hint: `Install ${origin.module} in this folder, or go to the folder the run was started in.`,
        cause: error,
      },
    );
  }
  if (typeof factory !== "function") {
    throw new UnitrainError("INVALID_ADAPTER", `${origin.module} does not export ${origin.make}().`, {
      hint: "Install the version that the run was started with.",
    });
  }
  const adapter: unknown = factory(origin.options);
  checkAdapter(kind, adapter);
  return adapter as T;
}

import type { Framework } from "@unitrain/core";
import { type FrameworkCommandLine, UnitrainError, type UserOptions } from "@unitrain/core/spec";
import type { FrameworkSetup } from "../context/cli-context.ts";
import { loadModuleFrom } from "../modules/load-module.ts";
import { listOptions } from "./options.ts";
import { parseOptions } from "./parse-options.ts";

/**
 * Creates the framework of a training by calling the module's default export, or `framework`, with the options. Another process can
 * create it again.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for wrong options, `INVALID_ADAPTER` for a module that does not export a framework.
 */
export async function createFramework(
  { module, commandLine, userOptions }: FrameworkSetup,
  folder: string,
): Promise<Framework> {
  const exported = (await loadModuleFrom(folder)(module)) as Readonly<Record<string, unknown>>;
  const exportName = exported.default === undefined ? "framework" : "default";
  const factory = exported[exportName];
  const options = await readOptions(commandLine, userOptions);
  const framework = (
    typeof factory === "function"
      ? (await import("@unitrain/core")).createAdapter(
          "framework",
          factory as (options: unknown) => unknown,
          {
            options,
            secrets: [],
          },
        )
      : factory
  ) as Framework | undefined;
  if (typeof framework !== "object" || framework === null || !("artifacts" in framework)) {
    throw new UnitrainError("INVALID_ADAPTER", `${module} does not export a framework.`, {
      hint: "Export a framework, or a function that creates one, as its default or as `framework`; see defineFramework().",
    });
  }
  if (framework.recipe !== undefined || typeof factory !== "function") return framework;
  return { ...framework, recipe: { module, exportName, options, secrets: [] } };
}

async function readOptions(
  commandLine: FrameworkCommandLine,
  userOptions: UserOptions,
): Promise<Readonly<Record<string, unknown>>> {
  if (commandLine.readOptions !== undefined) return commandLine.readOptions(userOptions);
  const { words, configured, settings } = userOptions;
  return { ...settings, ...parseOptions(words, configured, await listOptions(commandLine)) };
}

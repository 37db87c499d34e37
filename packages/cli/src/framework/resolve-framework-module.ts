import { UnitrainError } from "@unitrain/core/spec";
import { bundledFrameworks } from "../modules/default-framework.ts";
import { formatInstallCommand } from "../modules/install-command.ts";
import { readProjectDependencies } from "../modules/project-dependencies.ts";
import { resolveModule } from "../modules/resolve-module.ts";
import { findNearest } from "../settings/find-nearest.ts";

/**
 * Returns the module for the word after `--framework`: the name of the default, `npm:package`, the path of a file, or a package that
 * the folder's project depends on, by its full name or as the `<word>` of `unitrain-framework-<word>`. A package that is only in
 * node_modules is never run.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for an unknown word.
 */
export function resolveFrameworkModule(word: string, folder: string): string {
  const bundled = bundledFrameworks.find(({ name, module }) => word === name || word === module);
  if (bundled !== undefined) return bundled.module;
  const module = resolveModule(word, folder, use);
  if (module !== undefined) return module;
  const { names, file } = readProjectDependencies(folder);
  const dependency = [`unitrain-framework-${word}`, word].find((name) => names.includes(name));
  if (dependency !== undefined) return dependency;
  const suggestion = findNearest(word, [
    ...bundledFrameworks.map(({ name }) => name),
    ...listFrameworkWords(names),
  ]);
  const packageName = `unitrain-framework-${word}`;
  const isPackageWord = /^[a-z][a-z\d-]*$/.test(word);
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `${JSON.stringify(word)} is not a framework that unitrain knows: ${file} does not depend on ${isPackageWord ? packageName : "such a package"}.`,
    {
      hint: [
        ...(suggestion === undefined ? [] : [`Did you mean ${suggestion}?`]),
        isPackageWord
          ? `For a framework of this name, install its package: ${formatInstallCommand(packageName, folder)}`
          : "Write --framework npm:package for a package that is installed here, or --framework ./file.ts for a file.",
      ].join(" "),
    },
  );
}

/** Lists the words after `--framework` that name the project's packages: `lines` for `unitrain-framework-lines`. */
export function listFrameworkWords(dependencies: readonly string[]): readonly string[] {
  return dependencies.flatMap((name) => /^unitrain-framework-(.+)$/.exec(name)?.[1] ?? []);
}

const use = {
  flag: "--framework",
  exports: "a framework, or a function that creates one, as its default or as `framework`",
};

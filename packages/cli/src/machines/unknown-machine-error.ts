import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { cloudWords } from "../modules/clouds.ts";
import { formatInstallCommand } from "../modules/install-command.ts";
import { getProviderPackage, listProviderWords } from "../modules/project-dependencies.ts";
import { findNearest } from "../settings/find-nearest.ts";

/** The machines and packages that the user may have meant. */
export interface ConfiguredMachines {
  readonly aliases: readonly string[];
  /** Packages that the project depends on. */
  readonly dependencies: readonly string[];
  /** The path of the project's package.json. */
  readonly manifest: string;
  readonly folder: string;
}

/** Creates the error for an unknown word after `--on`. It says what was looked for, and what was probably meant. */
export function createUnknownMachineError(on: string, machines: ConfiguredMachines): UnitrainError {
  const sought = isPackageWord(on)
    ? `: no alias of ~/.ssh/config has this name, and ${machines.manifest} does not depend on ${getProviderPackage(on)}`
    : "";
  return new UnitrainError(
    "INVALID_OPTIONS",
    `${JSON.stringify(on)} is not a machine that unitrain knows${sought}.`,
    { hint: hintFor(on, machines) },
  );
}

function hintFor(on: string, { aliases, dependencies, folder }: ConfiguredMachines): string {
  if (/^[a-z][\w+.-]*:\/\//i.test(on)) return "Machines are reached by SSH: ssh://user@host:port.";
  if (dependencies.includes(on)) return `For the provider in the package ${on}, write --on npm:${on}.`;
  if (/^(@[\w.-]+\/[\w./-]+|unitrain-provider-[\w.-]+)$/.test(on))
    return `For a provider in a package, write --on npm:${on}.`;
  if (/[\\/]/.test(on)) {
    return existsSync(resolve(folder, on))
      ? `For a provider in a file, write --on ./${on}.`
      : "Write ssh://user@host:port, an alias of ~/.ssh/config, npm:package, or ./file.ts.";
  }
  const nearestName = findNearest(on, [
    "local",
    ...cloudWords,
    ...aliases,
    ...listProviderWords(dependencies),
  ]);
  const suggestion = nearestName === undefined ? "" : `Did you mean ${nearestName}? `;
  // The word may be the name of a host, with or without a port.
  const asHost = `For a host of this name, write --on ssh://${on}.`;
  if (isPackageWord(on))
    return `${suggestion}${asHost} For a provider of this name, install its package: ${formatInstallCommand(getProviderPackage(on), folder)}`;
  if (/^[\w.-]+(:\d+)?$/.test(on)) return `${suggestion}${asHost}`;
  return `${suggestion}Write ssh://user@host:port, an alias of ~/.ssh/config, npm:package, or ./file.ts.`;
}

/** Returns whether a package may be named after the word, unlike an address. */
function isPackageWord(on: string): boolean {
  return /^[a-z][a-z\d-]*$/.test(on);
}

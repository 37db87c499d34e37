import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readProjectDependencies } from "./project-dependencies.ts";

/** Returns the command that installs a package in the project of a folder, with the package manager that the project uses. */
export function formatInstallCommand(name: string, folder: string): string {
  const { manager, add } = findPackageManager(folder);
  return readProjectDependencies(folder).names.includes(name)
    ? `${manager} install`
    : `${manager} ${add} ${name}`;
}

const packageManagers = [
  { lockFile: "package-lock.json", manager: "npm", add: "install -D" },
  { lockFile: "pnpm-lock.yaml", manager: "pnpm", add: "add -D" },
  { lockFile: "yarn.lock", manager: "yarn", add: "add -D" },
  { lockFile: "bun.lock", manager: "bun", add: "add -d" },
] as const;

/** Finds the package manager by the nearest lock file. */
function findPackageManager(folder: string): (typeof packageManagers)[number] {
  const found = packageManagers.find(({ lockFile }) => existsSync(join(folder, lockFile)));
  if (found !== undefined) return found;
  return dirname(folder) === folder ? packageManagers[0] : findPackageManager(dirname(folder));
}

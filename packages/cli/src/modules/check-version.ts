import { UnitrainError } from "@unitrain/core/spec";
import satisfies from "semver/functions/satisfies.js";
import validRange from "semver/ranges/valid.js";
import { type AdapterPackage, readAdapterPackage } from "./adapter-package.ts";

/**
 * Refuses a package that says in its peer dependencies that it does not work with our version of `@unitrain/core`. It reads only
 * `package.json`, so no code of the package runs. A range that is not one of npm's, such as `workspace:^`, says nothing.
 *
 * @throws UnitrainError `INVALID_ADAPTER`.
 */
export function checkPackageVersion(found: AdapterPackage): void {
  const fault = findVersionFault(found);
  if (fault === undefined) return;
  const { name, version = "", folder } = found;
  throw new UnitrainError("INVALID_ADAPTER", `${name} ${version} (${folder}) cannot be used: ${fault}.`, {
    hint: `Install a version of ${name} that works with this version of unitrain, or update unitrain.`,
    phase: "plan",
  });
}

/** Returns why a package does not work with our version of `@unitrain/core`, as a clause, or undefined if it does. */
export function findVersionFault(
  { coreRange }: Pick<AdapterPackage, "coreRange">,
  coreVersion = readCoreVersion(),
): string | undefined {
  if (coreRange === undefined || coreVersion === undefined || validRange(coreRange) === null)
    return undefined;
  if (satisfies(coreVersion, coreRange, { includePrerelease: true })) return undefined;
  return `it works with @unitrain/core ${coreRange}, and this is ${coreVersion}`;
}

function readCoreVersion(): string | undefined {
  return readAdapterPackage("@unitrain/core", import.meta.dirname)?.version;
}

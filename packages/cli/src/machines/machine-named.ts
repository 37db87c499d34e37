import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UnitrainError } from "@unitrain/core/spec";
import { nearest } from "../did-you-mean.ts";
import type { Surroundings } from "../surroundings.ts";
import { sshAliases } from "./ssh-aliases.ts";

/** What the word behind `--on` means. */
export type MachineNamed =
  | { readonly kind: "local" }
  /** An `ssh://` address, or an alias of ~/.ssh/config. */
  | { readonly kind: "ssh"; readonly target: string }
  | { readonly kind: "canopywave"; readonly region?: string }
  /** A provider of somebody else: a package name, or the `file:` URL of a file. */
  | { readonly kind: "module"; readonly module: string };

/**
 * Reads the word behind `--on`. The first that fits: `local`; `canopywave` and `canopywave/<region>`; `ssh://…` and
 * `user@host[:port]`; `./file.ts` and other paths; `@scope/package`; a bare word that is an alias of ~/.ssh/config; else a
 * package that is installed in the working folder. `ssh://alias` and `npm:package` say it outright.
 */
export function machineNamed(
  on: string,
  { env, folder }: Pick<Surroundings, "env" | "folder">,
): MachineNamed {
  if (on === "local") return { kind: "local" };
  const [, region] = /^canopywave(?:\/([\w.-]+))?$/.exec(on) ?? [];
  if (/^canopywave(\/[\w.-]+)?$/.test(on))
    return { kind: "canopywave", ...(region === undefined ? {} : { region }) };
  if (on.startsWith("ssh://")) return { kind: "ssh", target: on };
  if (/^[\w.-]+@[\w.:[\]-]+$/.test(on)) return { kind: "ssh", target: `ssh://${on}` };
  if (/^(\.{1,2}[\\/]|[\\/]|file:|[A-Za-z]:[\\/])/.test(on))
    return { kind: "module", module: fileNamed(on, folder) };
  if (on.startsWith("npm:")) return { kind: "module", module: on.slice("npm:".length) };
  if (/^@[\w.-]+\/[\w./-]+$/.test(on)) return { kind: "module", module: on };
  const aliases = sshAliases(env);
  if (aliases.includes(on)) return { kind: "ssh", target: on };
  if (/^[\w.-]+(\/[\w.-]+)*$/.test(on) && isInstalled(on, folder)) return { kind: "module", module: on };
  throw notThere(on, aliases);
}

function fileNamed(on: string, folder: string): string {
  if (on.startsWith("file:")) return on;
  const path = resolve(folder, on);
  if (existsSync(path)) return pathToFileURL(path).href;
  throw new UnitrainError("INVALID_OPTIONS", `--on ${on} names a file that is not there.`, {
    hint: `Looked for ${path}. It must export a provider as its default, or as \`provider\`.`,
  });
}

function isInstalled(name: string, folder: string): boolean {
  try {
    createRequire(join(folder, "package.json")).resolve(name);
    return true;
  } catch (error) {
    // A package for `import` alone has no entry for `require`, but it is there.
    return (error as NodeJS.ErrnoException).code === "ERR_PACKAGE_PATH_NOT_EXPORTED";
  }
}

function notThere(on: string, aliases: readonly string[]): UnitrainError {
  const meant = nearest(on, ["local", "canopywave", ...aliases]);
  return new UnitrainError(
    "INVALID_OPTIONS",
    `There is no machine called ${JSON.stringify(on)}: it is no alias of ~/.ssh/config and no package installed here.`,
    {
      hint:
        meant === undefined
          ? "Name one: local, ssh://user@host:port, an alias of ~/.ssh/config, canopywave, a package or ./file.ts."
          : `Did you mean ${meant}?`,
    },
  );
}

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UnitrainError } from "@unitrain/core/spec";
import type { WorkingPlace } from "../context/working-place.ts";
import { machineUnknown } from "./machine-unknown.ts";
import { projectDependencies } from "./project-dependencies.ts";
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
 * Reads the word behind `--on`, by one grammar. Reserved words come first (`local`, `canopywave`, `canopywave/<region>`,
 * `run:`), then what is recognized by its form (`ssh://…`, `user@host[:port]`, `npm:package`, a path). Any other word is an
 * alias of the user's ssh configuration or the `<word>` of a package `unitrain-provider-<word>` that this project depends on.
 * A package that merely lies in node_modules is never run, since it would get to see API keys.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for a word that means nothing, or two things.
 */
export async function machineNamed(
  on: string,
  { env, folder }: WorkingPlace,
  signal?: AbortSignal,
): Promise<MachineNamed> {
  const byForm = reserved(on) ?? byItsForm(on, folder);
  if (byForm !== undefined) return byForm;
  const aliases = sshAliases(env);
  const { file, names } = projectDependencies(folder);
  const provider = `unitrain-provider-${on}`;
  const isAlias = aliases.includes(on);
  const isDependency = names.includes(provider);
  if (isAlias && isDependency) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `--on ${on} means two things: an alias of ~/.ssh/config, and ${provider}, which ${file} depends on.`,
      { hint: `Write --on ssh://${on} for the machine, or --on npm:${provider} for the package.` },
    );
  }
  if (isAlias) return { kind: "ssh", target: on };
  if (isDependency) return { kind: "module", module: provider };
  // Last: asking ssh takes a moment, and may run what the user's `Match exec` names.
  const { isConfiguredHost } = await import("@unitrain/transport-ssh");
  if (await isConfiguredHost(on, { env, ...(signal === undefined ? {} : { signal }) }))
    return { kind: "ssh", target: on };
  throw machineUnknown(on, { aliases, dependencies: names, folder });
}

function reserved(on: string): MachineNamed | undefined {
  if (on === "local") return { kind: "local" };
  const found = /^canopywave(?:\/(?<region>[\w.-]+))?$/.exec(on);
  if (found !== null) {
    const region = found.groups?.region;
    return { kind: "canopywave", ...(region === undefined ? {} : { region }) };
  }
  if (!on.startsWith("run:")) return undefined;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `--on ${on}: run: is reserved for training on the machine of another run, which unitrain cannot do yet.`,
    { hint: "Name the machine itself: local, ssh://user@host, an alias of ~/.ssh/config, or canopywave." },
  );
}

function byItsForm(on: string, folder: string): MachineNamed | undefined {
  if (on.startsWith("ssh://")) return { kind: "ssh", target: on };
  if (/^[\w.-]+@[\w.:[\]-]+$/.test(on)) return { kind: "ssh", target: `ssh://${on}` };
  if (on.startsWith("npm:")) return { kind: "module", module: packageNamed(on) };
  if (/^(\.{1,2}[\\/]|~?[\\/]|file:|[A-Za-z]:[\\/])/.test(on))
    return { kind: "module", module: fileNamed(on, folder) };
  return undefined;
}

/** A package, or a module of one: never a path, which a package's name could be mistaken for. */
function packageNamed(on: string): string {
  const name = on.slice("npm:".length);
  if (/^(@[\w.-]+\/)?[a-z\d][\w.-]*(\/[\w.-]+)*$/i.test(name) && !name.split("/").includes("..")) return name;
  throw new UnitrainError("INVALID_OPTIONS", `--on ${on} does not name a package.`, {
    hint: "Write --on npm:name or --on npm:@scope/name for a package that is installed here, or --on ./file.ts for a file.",
  });
}

function fileNamed(on: string, folder: string): string {
  if (on.startsWith("file:")) return on;
  const path = /^~[\\/]/.test(on) ? resolve(homedir(), on.slice(2)) : resolve(folder, on);
  if (existsSync(path)) return pathToFileURL(path).href;
  throw new UnitrainError("INVALID_OPTIONS", `--on ${on} names a file that is not there.`, {
    hint: `Looked for ${path}. It must export a provider as its default, or as \`provider\`.`,
  });
}

import { UnitrainError } from "@unitrain/core/spec";
import type { WorkingPlace } from "../context/working-place.ts";
import { moduleNamed } from "../modules/module-named.ts";
import { projectDependencies } from "../modules/project-dependencies.ts";
import { machineUnknown } from "./machine-unknown.ts";
import { sshAliases } from "./ssh-aliases.ts";

/** The meaning of the word after `--on`. */
export type MachineNamed =
  | { readonly kind: "local" }
  /** An `ssh://` address, or an alias of ~/.ssh/config. */
  | { readonly kind: "ssh"; readonly target: string }
  | { readonly kind: "canopywave"; readonly region?: string }
  /** A third-party provider: a package name, or the `file:` URL of a file. */
  | { readonly kind: "module"; readonly module: string };

/**
 * Parses the word after `--on`. Reserved words come first (`local`, `canopywave`, `canopywave/<region>`, `run:`), then words that are
 * recognized by their form (`ssh://…`, `user@host[:port]`, `npm:package`, a path). Any other word is an alias of the user's ssh
 * configuration or the `<word>` of a package `unitrain-provider-<word>` that this project depends on. A package that is only in
 * node_modules is never run, because it would have access to API keys.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for a word that is unknown or ambiguous.
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
      `--on ${on} is ambiguous: it is an alias of ~/.ssh/config, and ${file} depends on ${provider}.`,
      { hint: `Write --on ssh://${on} for the machine, or --on npm:${provider} for the package.` },
    );
  }
  if (isAlias) return { kind: "ssh", target: on };
  if (isDependency) return { kind: "module", module: provider };
  // This comes last, because ssh takes a moment and may run programs of the user's `Match exec`.
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
  const module = moduleNamed(on, folder, use);
  return module === undefined ? undefined : { kind: "module", module };
}

const use = { flag: "--on", exports: "a provider as its default, or as `provider`" };

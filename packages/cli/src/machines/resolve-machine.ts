import { UnitrainError } from "@unitrain/core/spec";
import type { WorkingContext } from "../context/working-context.ts";
import { type Cloud, clouds, cloudWords } from "../modules/clouds.ts";
import type { AdapterModule } from "../modules/create-from-module.ts";
import { getProviderPackage, readProjectDependencies } from "../modules/project-dependencies.ts";
import { resolveModule } from "../modules/resolve-module.ts";
import { listSshAliases } from "./list-ssh-aliases.ts";
import { createUnknownMachineError } from "./unknown-machine-error.ts";

/** The meaning of the word after `--on`. */
export type MachineTarget =
  | { readonly kind: "local" }
  /** An `ssh://` address, or an alias of ~/.ssh/config. */
  | { readonly kind: "ssh"; readonly target: string }
  | { readonly kind: "cloud"; readonly cloud: Cloud; readonly region?: string }
  /** A third-party provider. */
  | ({ readonly kind: "module" } & AdapterModule);

/**
 * Parses the word after `--on`. Reserved words come first (`local`, `run:`, and the name of a cloud, also as `canopywave/<region>`), then words that
 * are recognized by their form (`ssh://…`, `user@host[:port]`, `npm:package`, a path). Any other word is an alias of the user's ssh
 * configuration or the `<word>` of a package `unitrain-provider-<word>` that this project depends on. A package that is only in
 * node_modules is never run, because it would have access to API keys.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for a word that is unknown or ambiguous.
 */
export async function resolveMachine(
  on: string,
  { env, folder }: WorkingContext,
  signal?: AbortSignal,
): Promise<MachineTarget> {
  const parsed = parseReservedWord(on) ?? parseByForm(on, folder);
  if (parsed !== undefined) return parsed;
  const aliases = listSshAliases(env);
  const { file, names } = readProjectDependencies(folder);
  const provider = getProviderPackage(on);
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
  if (isDependency) return { kind: "module", module: provider, folder };
  // This comes last, because ssh takes a moment and may run programs of the user's `Match exec`.
  const { isConfiguredHost } = await import("@unitrain/transport-ssh");
  if (await isConfiguredHost(on, { env, ...(signal === undefined ? {} : { signal }) }))
    return { kind: "ssh", target: on };
  throw createUnknownMachineError(on, { aliases, dependencies: names, manifest: file, folder });
}

function parseReservedWord(on: string): MachineTarget | undefined {
  if (on === "local") return { kind: "local" };
  if (on === "cheapest") {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      "--on cheapest chooses a cloud only for plan, train and offers.",
      { hint: `Name the cloud: ${cloudWords.join(", ")}.` },
    );
  }
  const [, word, region] = /^([a-z]+)(?:\/([\w.-]+))?$/.exec(on) ?? [];
  const cloud = clouds.find((candidate) => candidate.word === word);
  if (cloud !== undefined) return { kind: "cloud", cloud, ...(region === undefined ? {} : { region }) };
  if (!on.startsWith("run:")) return undefined;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `--on ${on}: run: is reserved for training on the machine of another run, which unitrain cannot do yet.`,
    {
      hint: `Name the machine itself: local, ssh://user@host, an alias of ~/.ssh/config, ${cloudWords.join(", ")}.`,
    },
  );
}

function parseByForm(on: string, folder: string): MachineTarget | undefined {
  if (on.startsWith("ssh://")) return { kind: "ssh", target: on };
  if (/^[\w.-]+@[\w.:[\]-]+$/.test(on)) return { kind: "ssh", target: `ssh://${on}` };
  const module = resolveModule(on, folder, use);
  return module === undefined ? undefined : { kind: "module", module, folder };
}

const use = { flag: "--on", exports: "a provider as its default, or as `provider`" };

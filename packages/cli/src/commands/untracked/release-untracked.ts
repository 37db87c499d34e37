import type { Resource } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../../context/cli-context.ts";
import { createSetupWithoutOptions } from "../../framework/chosen-framework.ts";
import { loadProject } from "../../framework/load-project.ts";
import type { Flags } from "../../settings/flags.ts";
import { createMachineSettings } from "../../settings/machine-settings.ts";
import { askToSelectMany } from "../../terminal/ask.ts";
import type { UntrackedReport } from "../../terminal/render/gc.ts";
import { canAsk } from "../../terminal/screen/screen.ts";

/** Ends only what a person chose, or named; another computer of the same account names its machines alike. */
export async function releaseUntracked(
  names: readonly string[],
  flags: Flags,
  context: CliContext,
): Promise<UntrackedReport> {
  const { engine, folder } = context;
  if (flags.yes === true && names.length === 0 && flags.all !== true && flags.dryRun !== true)
    throw createNamesMissingError();
  const { framework, loaded } = await loadProject(flags, folder);
  const config = loaded?.config ?? {};
  const provider = flags.on === undefined ? config.provider : undefined;
  const on = flags.on ?? config.on ?? "canopywave";
  const unitrain = await (await engine()).assemble(
    createMachineSettings(on, provider, createSetupWithoutOptions(framework, folder)),
  );
  const found = await unitrain.listUntracked();
  checkNames(names, found);
  const selected = names.length === 0 ? found : found.filter((candidate) => isNamed(candidate, names));
  if (flags.dryRun === true) return { found, pending: selected, gone: [], unconfirmed: [] };
  const chosen = selected.length === 0 ? [] : await choose(selected, flags, context);
  const gone = chosen.length === 0 ? [] : await unitrain.releaseUntracked(chosen);
  const unconfirmed = chosen.filter(
    (wanted) =>
      !gone.some(
        ({ resource }) =>
          resource.kind === wanted.kind && resource.name === wanted.name && resource.id === wanted.id,
      ),
  );
  return { found, pending: [], gone, unconfirmed };
}

async function choose(
  selected: readonly Resource[],
  flags: Flags,
  context: CliContext,
): Promise<readonly Resource[]> {
  if (flags.yes === true) return selected;
  if (flags.input === false || flags.json === true || !canAsk(context)) throw createNamesMissingError();
  // What one run had rented has one name, and goes together.
  const byName = Map.groupBy(selected, ({ name }) => name);
  const answer = await askToSelectMany(
    { message: "In no record of this computer. End which? (space: this one, a: all)" },
    [...byName].map(([name, parts]) => ({ value: name, label: describeResource(name, parts) })),
  );
  if (answer === undefined) throw new UnitrainError("CANCELLED", "Nothing was ended.");
  return selected.filter(({ name }) => answer.includes(name));
}

/** `unitrain-a1-…-1  instance, address, ssh-key`. */
function describeResource(name: string, parts: readonly Resource[]): string {
  return `${name}  ${parts.map(({ kind }) => kind).join(", ")}`;
}

function isNamed({ id, name }: Resource, names: readonly string[]): boolean {
  return names.includes(name) || (id !== undefined && names.includes(id));
}

function checkNames(names: readonly string[], found: readonly Resource[]): void {
  const missing = names.find((name) => !found.some((resource) => isNamed(resource, [name])));
  if (missing === undefined) return;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `Nothing in no record here is called ${JSON.stringify(missing)}.`,
    {
      hint: "unitrain gc --untracked --dry-run lists what there is.",
    },
  );
}

function createNamesMissingError(): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", "Which to end must be said: it may be another computer's.", {
    hint: "Name them, or all: unitrain gc --untracked --yes <name> … ; unitrain gc --untracked --yes --all",
  });
}

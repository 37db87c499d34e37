import type { Resource } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../../context/cli-context.ts";
import { loadProject } from "../../framework/load-project.ts";
import { chooseMachine } from "../../settings/chosen-machine.ts";
import type { Flags } from "../../settings/flags.ts";

import { askToSelectMany } from "../../terminal/ask.ts";
import type { UntrackedReport } from "../../terminal/render/gc.ts";
import { canAsk } from "../../terminal/screen/screen.ts";

/** Releases untracked resources that a person chose or named. It asks because another computer of the same account uses the same form of names. */
export async function releaseUntracked(
  names: readonly string[],
  flags: Flags,
  context: CliContext,
): Promise<UntrackedReport> {
  const { engine, folder } = context;
  if (flags.yes === true && names.length === 0 && flags.all !== true && flags.dryRun !== true)
    throw createNamesMissingError();
  const { loaded } = await loadProject(flags, folder);
  const machine = await (await engine()).machine({
    on: "canopywave",
    ...chooseMachine(flags, loaded, folder),
  });
  const found = await machine.listUntracked();
  checkNames(names, found);
  const selected = names.length === 0 ? found : found.filter((candidate) => isNamed(candidate, names));
  if (flags.dryRun === true) return { found, pending: selected, gone: [], unconfirmed: [] };
  const chosen = selected.length === 0 ? [] : await choose(selected, flags, context);
  const gone = chosen.length === 0 ? [] : await machine.releaseUntracked(chosen);
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
  // All resources of a run have the same name and are released together.
  const byName = Map.groupBy(selected, ({ name }) => name);
  const answer = await askToSelectMany(
    { message: "This computer has no record of these. Which should be released? (space: select, a: all)" },
    [...byName].map(([name, parts]) => ({ value: name, label: describeResource(name, parts) })),
  );
  if (answer === undefined) throw new UnitrainError("CANCELLED", "Nothing was released.");
  return selected.filter(({ name }) => answer.includes(name));
}

/** Returns a line such as `unitrain-a1-…-1  instance, address, ssh-key`. */
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
    `No untracked resource has the name or id ${JSON.stringify(missing)}.`,
    {
      hint: "List them: unitrain gc --untracked --dry-run",
    },
  );
}

function createNamesMissingError(): UnitrainError {
  return new UnitrainError(
    "INVALID_OPTIONS",
    "Name the resources to release, because some may belong to another computer.",
    {
      hint: "Run unitrain gc --untracked --yes <name> …, or release all of them: unitrain gc --untracked --yes --all",
    },
  );
}

import type { Resource } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../../context/cli-context.ts";
import { describeFailure } from "../../machines/offers/compare-clouds.ts";
import type { Flags } from "../../settings/flags.ts";
import { askToSelectMany } from "../../terminal/ask.ts";
import type { CloudResource, UntrackedReport } from "../../terminal/render/gc.ts";
import { canAsk } from "../../terminal/screen/screen.ts";
import { openSearchedClouds, type SearchedCloud, searchClouds } from "./search-clouds.ts";

/**
 * Releases untracked resources that a person chose or named. It looks at the provider that `--on` names, or else at every cloud that has
 * a key. It asks because another computer of the same account uses the same form of names.
 */
export async function releaseUntracked(
  names: readonly string[],
  flags: Flags,
  context: CliContext,
): Promise<UntrackedReport> {
  if (flags.yes === true && names.length === 0 && flags.all !== true && flags.dryRun !== true)
    throw createNamesMissingError();
  const opened = await openSearchedClouds(flags, context);
  const { found, clouds } = await searchClouds(opened);
  const selected = names.length === 0 ? found : found.filter((candidate) => isNamed(candidate, names));
  // A name that was not found releases nothing, but a cloud that fails does not keep the others from releasing theirs.
  if (selected.length === 0 || clouds.every(({ state }) => state !== "failed"))
    checkNames(names, found, clouds);
  if (flags.dryRun === true) return { found, pending: selected, gone: [], unconfirmed: [], clouds };
  const chosen = selected.length === 0 ? [] : await choose(selected, flags, context);
  const released = await Promise.all(
    [...Map.groupBy(chosen, ({ on }) => on)].map(([on, resources]) =>
      releaseOfCloud(
        resources,
        opened.find((cloud) => cloud.on === on),
      ),
    ),
  );
  const failures = released.flatMap(({ failure }) => failure ?? []);
  return {
    found,
    pending: [],
    gone: released.flatMap(({ gone }) => gone),
    unconfirmed: released.flatMap(({ unconfirmed }) => unconfirmed),
    clouds: clouds.map((cloud) => failures.find(({ on }) => on === cloud.on) ?? cloud),
  };
}

/** Releases resources of one cloud. If it fails, none of them is confirmed gone. */
async function releaseOfCloud(
  chosen: readonly CloudResource[],
  cloud: SearchedCloud | undefined,
): Promise<
  Pick<UntrackedReport, "gone" | "unconfirmed"> & { readonly failure?: UntrackedReport["clouds"][number] }
> {
  const [{ on } = { on: "" }] = chosen;
  if (cloud?.state !== "open") return { gone: [], unconfirmed: chosen };
  try {
    const proofs = await cloud.calls.releaseUntracked(chosen.map(({ on: _, ...resource }) => resource));
    const isGone = (wanted: Resource) =>
      proofs.some(
        ({ resource }) =>
          resource.kind === wanted.kind && resource.name === wanted.name && resource.id === wanted.id,
      );
    return {
      gone: proofs.map((proof) => ({ on, ...proof })),
      unconfirmed: chosen.filter((wanted) => !isGone(wanted)),
    };
  } catch (error) {
    if (cloud.isOnly === true) throw error;
    return {
      gone: [],
      unconfirmed: chosen,
      failure: { on, state: "failed", error: describeFailure(error) },
    };
  }
}

async function choose(
  selected: readonly CloudResource[],
  flags: Flags,
  context: CliContext,
): Promise<readonly CloudResource[]> {
  if (flags.yes === true) return selected;
  if (flags.input === false || flags.json === true || !canAsk(context)) throw createNamesMissingError();
  // All resources of a run have the same name and are released together.
  const byName = Map.groupBy(selected, ({ on, name }) => `${on} ${name}`);
  const answer = await askToSelectMany(
    { message: "This computer has no record of these. Which should be released? (space: select, a: all)" },
    [...byName].map(([name, parts]) => ({ value: name, label: describeResource(name, parts) })),
  );
  if (answer === undefined) throw new UnitrainError("CANCELLED", "Nothing was released.");
  return selected.filter(({ on, name }) => answer.includes(`${on} ${name}`));
}

/** Returns a line such as `lambda unitrain-a1-…-1  instance, address, ssh-key`. */
function describeResource(name: string, parts: readonly Resource[]): string {
  return `${name}  ${parts.map(({ kind }) => kind).join(", ")}`;
}

function isNamed({ id, name }: Resource, names: readonly string[]): boolean {
  return names.includes(name) || (id !== undefined && names.includes(id));
}

function checkNames(
  names: readonly string[],
  found: readonly Resource[],
  clouds: UntrackedReport["clouds"],
): void {
  const missing = names.find((name) => !found.some((resource) => isNamed(resource, [name])));
  if (missing === undefined) return;
  const failed = clouds.flatMap(({ on, error }) => (error === undefined ? [] : [`${on}: ${error.message}`]));
  if (failed.length > 0) {
    throw new UnitrainError(
      "RELEASE_UNCONFIRMED",
      `It is unknown whether ${JSON.stringify(missing)} still exists. ${failed.join(" ")}`,
      { hint: "Repeat until each cloud answers: unitrain gc --untracked" },
    );
  }
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

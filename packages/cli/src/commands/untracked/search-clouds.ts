import { UnitrainError } from "@unitrain/core/spec";
import type { CliContext, OpenedCloud } from "../../context/cli-context.ts";
import { loadProject } from "../../framework/load-project.ts";
import { describeFailure } from "../../machines/offers/compare-clouds.ts";
import { listClouds } from "../../machines/offers/list-clouds.ts";
import type { Flags } from "../../settings/flags.ts";
import type { UntrackedReport } from "../../terminal/render/gc.ts";

/** A cloud to search. If it is the only one, because `--on` names it, its errors end the command. */
export type SearchedCloud = OpenedCloud & { readonly isOnly?: boolean };

/** Opens the provider that `--on` names, or else every cloud and the provider of the configuration. */
export async function openSearchedClouds(
  { on, config }: Flags,
  { engine, folder }: CliContext,
): Promise<readonly SearchedCloud[]> {
  const opened = await engine();
  if (on !== undefined) {
    const calls = await opened.machine({ on, folder });
    return [{ on, state: "open", calls, isOnly: true }];
  }
  const { loaded } = await loadProject({ config }, folder);
  return withUniqueWords(await opened.openClouds(listClouds(folder, loaded)));
}

/** Lists the untracked resources of all clouds at the same time. A cloud that fails hides no other; if none can be searched, it throws. */
export async function searchClouds(
  opened: readonly SearchedCloud[],
): Promise<Pick<UntrackedReport, "found" | "clouds">> {
  const answers = await Promise.all(
    opened.map(async (cloud): Promise<Pick<UntrackedReport, "found" | "clouds">> => {
      const { on } = cloud;
      if (cloud.state === "no-key")
        return { found: [], clouds: [{ on, state: "no-key", variables: cloud.variables }] };
      try {
        if (cloud.state === "failed") throw cloud.error;
        const found = await cloud.calls.listUntracked();
        return { found: found.map((resource) => ({ on, ...resource })), clouds: [{ on, state: "searched" }] };
      } catch (error) {
        if (cloud.isOnly === true) throw error;
        return { found: [], clouds: [{ on, state: "failed", error: describeFailure(error) }] };
      }
    }),
  );
  const clouds = answers.flatMap((answer) => answer.clouds);
  if (clouds.every(({ state }) => state === "no-key")) throw createKeysMissingError(clouds);
  return { found: answers.flatMap(({ found }) => found), clouds };
}

/**
 * Gives the provider of the configuration a word of its own if it is one of our clouds too, because it may use another account.
 * A resource must be released with the account that listed it: for any other it looks gone.
 */
function withUniqueWords(opened: readonly OpenedCloud[]): readonly OpenedCloud[] {
  return opened.map((cloud, index) =>
    opened.findIndex(({ on }) => on === cloud.on) === index
      ? cloud
      : { ...cloud, on: `${cloud.on} of the configuration` },
  );
}

function createKeysMissingError(clouds: UntrackedReport["clouds"]): UnitrainError {
  const variables = clouds.flatMap((cloud) => cloud.variables ?? []);
  return new UnitrainError("SECRET_MISSING", "No cloud was searched, because none has a key.", {
    hint: `Store one: unitrain login ${clouds[0]?.on ?? "<provider>"}. Or set its variable: ${variables.join(", ")}.`,
  });
}

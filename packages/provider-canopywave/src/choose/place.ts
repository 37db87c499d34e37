import { UnitrainError } from "@unitrain/core/spec";
import type { Calls } from "../api/calls.ts";
import type { ApiRequestContext } from "../api/client.ts";
import { hasStatus } from "../api/failure.ts";
import { pickName } from "./pick-name.ts";

/** The one there is, or the one that was named. */
export async function chooseProject(
  calls: Calls,
  wanted: string | undefined,
  requestContext: ApiRequestContext,
): Promise<string> {
  const projects = await calls.projects(requestContext);
  if (wanted !== undefined) return pickName("project", wanted, projects);
  const [only] = projects;
  if (only !== undefined && projects.length === 1) return only;
  if (only === undefined) {
    throw new UnitrainError("PROVIDER_ACCESS", "The CanopyWave API key sees no project.", {
      hint: "Make a project in CanopyWave's console, or use a key that belongs to one.",
    });
  }
  throw new UnitrainError("INVALID_OPTIONS", `The CanopyWave API key sees ${projects.length} projects.`, {
    hint: `Name one with option project: ${projects.join(", ")}.`,
  });
}

/** Every region, or only the one that was named. */
export async function chooseRegions(
  calls: Calls,
  project: string,
  wanted: string | undefined,
  requestContext: ApiRequestContext,
): Promise<readonly string[]> {
  const regions = await calls.regions(project, requestContext).catch((error: unknown) => {
    // Not on CanopyWave's own page, so it may not be there one day: then whoever names a region is believed.
    if (hasStatus(error, 404) && wanted !== undefined) return undefined;
    throw error;
  });
  if (regions === undefined) return wanted === undefined ? [] : [wanted];
  if (wanted !== undefined) return [pickName("region", wanted, regions)];
  if (regions.length > 0) return regions;
  throw new UnitrainError("NOT_AVAILABLE", `CanopyWave lists no region for the project ${project}.`, {
    hint: "Name one with option region, as CanopyWave's console writes it.",
  });
}

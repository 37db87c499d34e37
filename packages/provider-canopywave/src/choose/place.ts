import type { ApiRequestContext } from "@unitrain/core/http";
import { hasStatus, pickName } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import { api } from "../api/api.ts";
import type { Calls } from "../api/calls.ts";

/** Returns the named project, or the only one. */
export async function chooseProject(
  calls: Calls,
  wanted: string | undefined,
  requestContext: ApiRequestContext,
): Promise<string> {
  const projects = await calls.projects(requestContext);
  if (wanted !== undefined) return pickName(api.cloud, "project", wanted, projects);
  const [only] = projects;
  if (only !== undefined && projects.length === 1) return only;
  if (only === undefined) {
    throw new UnitrainError("PROVIDER_ACCESS", "The CanopyWave API key sees no project.", {
      hint: "Create a project in CanopyWave's console, or use a key that belongs to one.",
    });
  }
  throw new UnitrainError("INVALID_OPTIONS", `The CanopyWave API key sees ${projects.length} projects.`, {
    hint: `Choose one with option project: ${projects.join(", ")}.`,
  });
}

/** Returns the named region, or all regions. */
export async function chooseRegions(
  calls: Calls,
  project: string,
  wanted: string | undefined,
  requestContext: ApiRequestContext,
): Promise<readonly string[]> {
  const regions = await calls.regions(project, requestContext).catch((error: unknown) => {
    // The call is undocumented and may disappear. Then a named region is used without a check.
    if (hasStatus(error, 404) && wanted !== undefined) return undefined;
    throw error;
  });
  if (regions === undefined) return wanted === undefined ? [] : [wanted];
  if (wanted !== undefined) return [pickName(api.cloud, "region", wanted, regions)];
  if (regions.length > 0) return regions;
  throw new UnitrainError("NOT_AVAILABLE", `CanopyWave lists no region for the project ${project}.`, {
    hint: "Set option region to a region of CanopyWave's console.",
  });
}

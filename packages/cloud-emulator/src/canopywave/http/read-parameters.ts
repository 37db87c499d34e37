import type { EmulatedCloud, Place } from "../cloud/cloud.ts";
import { createRefusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";

/** Reads project and region from the query or body. Throws an error reply when one is missing or unknown. */
export function readPlace(cloud: EmulatedCloud, request: CallRequest): Place {
  const region = readText(request, "region");
  if (!cloud.settings.regions.includes(region)) throw createRefusal(400, `Region ${region} not found`);
  return { project: readProject(cloud, request), region };
}

export function readProject(cloud: EmulatedCloud, request: CallRequest): string {
  const project = readText(request, "project");
  if (!cloud.settings.projects.includes(project)) throw createRefusal(404, `Project ${project} not found`);
  return project;
}

/** Like `readPlace`, for calls where the region is optional. */
export function readOptionalPlace(
  cloud: EmulatedCloud,
  request: CallRequest,
): { project: string; region?: string } {
  const { region } = request.query;
  return region === undefined ? { project: readProject(cloud, request) } : readPlace(cloud, request);
}

/** Reads a required string parameter. */
export function readText(request: CallRequest, name: string): string {
  const value = readOptionalText(request, name);
  if (value === undefined || value === "") throw createRefusal(400, `${name} is required`);
  return value;
}

export function readOptionalText(request: CallRequest, name: string): string | undefined {
  const value = request.query[name] ?? request.body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw createRefusal(400, `${name} must be a string`);
  return value;
}

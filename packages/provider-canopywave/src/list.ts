import type { CallContext, Resource } from "@unitrain/core/spec";
import type { Calls } from "./api/calls.ts";
import { explainFailures } from "./api/explain.ts";
import { describeCost, type Kind, matchesNamingScheme } from "./names.ts";
import type { Settings } from "./options.ts";

/**
 * Lists all resources whose names follow our naming scheme, of every installation. An address has no name and is found by its instance,
 * so an address without an instance is not listed.
 */
export function list(calls: Calls, settings: Settings, context: CallContext): Promise<readonly Resource[]> {
  return explainFailures("listing our resources", async () => {
    const projects = settings.project === undefined ? await calls.projects(context) : [settings.project];
    const found = await Promise.all(projects.map((project) => listProject(calls, project, context)));
    return found.flat();
  });
}

async function listProject(
  calls: Calls,
  project: string,
  context: CallContext,
): Promise<readonly Resource[]> {
  const [instances, regions] = await Promise.all([
    calls.instances(project, context),
    calls.regions(project, context),
  ]);
  const resource = (kind: Kind, name: string, region: string | null | undefined, id: string): Resource => ({
    kind,
    name,
    id,
    ...(region ? { region } : {}),
    onRelease: "delete",
    ...describeCost(kind),
    reference: {
      project,
      ...(region ? { regions: [region] } : {}),
      ...(kind === "instance" ? { seen: true } : {}),
    },
  });
  const ourInstances = instances.flatMap(({ id, name, region }) =>
    name && matchesNamingScheme(name) ? [resource("instance", name, region, id)] : [],
  );
  const regionResources = await Promise.all(
    regions.map(async (region) => {
      const [keys, ips] = await Promise.all([
        calls.keys({ project, region }, context),
        calls.ips({ project, region }, context),
      ]);
      return [
        ...keys
          .filter(({ name }) => matchesNamingScheme(name))
          .map(({ name }) => resource("ssh-key", name, region, name)),
        ...ips.flatMap(({ id, server }) =>
          server && matchesNamingScheme(server) ? [resource("address", server, region, id)] : [],
        ),
      ];
    }),
  );
  return [...ourInstances, ...regionResources.flat()];
}

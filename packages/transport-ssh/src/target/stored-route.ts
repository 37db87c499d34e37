import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { readPlainFile } from "../read-plain-file.ts";
import { hostConfigSchema } from "./host-config.ts";
import type { RouteHost } from "./route.ts";

const schema = z.array(
  z.object({
    name: z.object({ host: z.string(), port: z.number().optional(), user: z.string().optional() }),
    config: hostConfigSchema,
  }),
);

/**
 * Reads the route of a lease as it was resolved when the run began, so that a later process, such as the guardian, runs nothing of the
 * user's configuration. It contains paths of keys, but no keys.
 */
export async function readStoredRoute(folder: string): Promise<readonly RouteHost[] | undefined> {
  const text = await readPlainFile(getRouteFile(folder)).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // A broken file is resolved again.
    return undefined;
  }
}

export async function storeRoute(folder: string, route: readonly RouteHost[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${getRouteFile(folder)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(route)}\n`, { mode: 0o600 });
  await rename(draft, getRouteFile(folder));
}

function getRouteFile(folder: string): string {
  return join(folder, "ssh_route.json");
}

import type { ApiRequestContext } from "@unitrain/core/http";
import { ApiFailure, hasStatus } from "@unitrain/core/http";
import type { Calls } from "../api/calls.ts";
import { readAvailability } from "./availability.ts";

export interface Stock {
  readonly region: string;
  readonly available: "yes" | "no" | "unknown";
}

/** Lists the availability of one flavor in each region, regions that certainly have it first. */
export async function listStock(
  calls: Calls,
  project: string,
  regions: readonly string[],
  flavor: string,
  requestContext: ApiRequestContext,
): Promise<readonly Stock[]> {
  const stock = await Promise.all(
    regions.map(async (region) => ({
      region,
      available: await calls
        .availability({ project, region }, flavor, requestContext)
        .then(readAvailability)
        .catch((error: unknown) => {
          // An unknown availability is not a reason to give up, because the launch will tell. A rejected key is.
          if (error instanceof ApiFailure && !hasStatus(error, 401)) return "unknown" as const;
          throw error;
        }),
    })),
  );
  const order = { yes: 0, unknown: 1, no: 2 };
  return stock.sort((a, b) => order[a.available] - order[b.available]);
}

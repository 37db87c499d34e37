import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CallContext, ManifestEntry, Shipment, ShipResult } from "@unitrain/core/spec";
import type { Bench } from "../server.ts";

/** Connects, uploads, verifies each file on the machine, and creates a new view of the run. The list is hashed already, as after `plan`. */
export async function shipWithUnitrain(bench: Bench, entries: readonly ManifestEntry[]): Promise<ShipResult> {
  const session = await bench.session();
  const target = join(bench.server.home, "work folder", "runs", `run-${performance.now()}`, "data");
  const result = await session.ship(createShipment(entries, target), createContext(), () => {});
  await session[Symbol.asyncDispose]();
  return result;
}

/** Returns a shipment as core creates it. */
function createShipment(entries: readonly ManifestEntry[], target: string): Shipment {
  const digest = createHash("sha256");
  for (const { path, sha256 } of entries) digest.update(`${path} ${sha256}\0`);
  return {
    manifest: {
      async *entries() {
        yield entries;
      },
    },
    digest: digest.digest("hex"),
    files: entries.length,
    bytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    target,
  };
}

function createContext(): CallContext {
  return {
    signal: new AbortController().signal,
    secret: () => {},
    showStatus: () => {},
    wait: (ms) => sleep(ms),
  };
}

import { randomBytes } from "node:crypto";
import {
  type CallContext,
  type Shipment,
  type ShipProgress,
  type ShipResult,
  UnitrainError,
} from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { checkPathBelowWorkFolder } from "../machine/paths.ts";
import { withWorkFolder } from "../script/open-script.ts";
import { runScript } from "../script/run-script.ts";
import { buildPrepareShipScript } from "./prepare-script.ts";
import { buildReceiveScript } from "./receive-script.ts";
import { checkPaths } from "./safe-paths.ts";
import { checkRoom, shipError } from "./ship-error.ts";
import type { StoreTarget } from "./store-script.ts";
import { createTarStream } from "./tar-stream.ts";

/**
 * Uploads files to the machine's store, where they are kept under the digest of their content, and creates the run's own copy.
 * Files that are stored already are not sent again.
 */
export async function ship(
  machine: ConnectedMachine,
  shipment: Shipment,
  { signal }: Pick<CallContext, "signal">,
  onProgress: (done: ShipProgress) => void,
): Promise<ShipResult> {
  const { manifest, digest, files, bytes } = shipment;
  const target: StoreTarget = {
    workFolder: machine.workFolder,
    digest: validateDigest(digest),
    files,
    target: checkPathBelowWorkFolder(machine, shipment.target),
    nonce: randomBytes(8).toString("hex"),
  };
  await checkPaths(manifest);
  const run = (script: string, stdin?: AsyncIterable<Uint8Array>) =>
    runScript(machine.shells.dedicated, withWorkFolder(machine.workFolder, script), { stdin, signal });
  const reportProgress = (done: { bytes: number; files: number }) =>
    onProgress({ ...done, totalBytes: bytes, totalFiles: files });

  const prepared = await run(buildPrepareShipScript(target));
  if (prepared.exitCode !== 0) throw shipError(shipment, prepared);
  const [answer, freeKilobytes, blockSharing] = prepared.stdout.trim().split(" ");
  if (answer !== "send") {
    reportProgress({ bytes, files });
    return { sentBytes: 0, reusedBytes: bytes };
  }
  checkRoom(shipment, freeKilobytes, blockSharing === "shares");
  const received = await run(buildReceiveScript(target), createTarStream(manifest, reportProgress));
  if (received.exitCode !== 0) throw shipError(shipment, received);
  return { sentBytes: bytes, reusedBytes: 0 };
}

/** Throws for a digest that cannot be the name of a folder. */
function validateDigest(digest: string): string {
  if (/^[0-9a-f]{8,128}$/.test(digest)) return digest;
  throw new UnitrainError("INVALID_ADAPTER", `Invalid digest of a shipment: ${JSON.stringify(digest)}.`, {
    hint: "Use 8 to 128 characters of 0-9 and a-f.",
  });
}

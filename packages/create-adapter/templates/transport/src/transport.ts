import type { Transport } from "@unitrain/core/spec";
import { posixTransport } from "@unitrain/transport-posix";
import { openConnection } from "./connection.ts";
import { type AcmeNameOptions, readOptions } from "./options.ts";

// 2. The kind of connection: the provider of such machines returns it in `getMachineState`.
export const connectionKind = "x-acme-name";

/**
 * Creates a transport that connects to machines by Acme Name.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for an unknown option.
 */
export function acmeName(options: AcmeNameOptions = {}): Transport {
  const { workFolder } = readOptions(options);
  return posixTransport({
    name: "acme-name",
    // How another process creates this transport, to continue a run.
    recipe: { module: "unitrain-transport-acme-name", exportName: "acmeName", options, secrets: [] },
    supports: [connectionKind],
    connect: openConnection,
    ...(workFolder === undefined ? {} : { workFolder }),
    // 4. If a person can connect as well, add `access`, which `unitrain ssh` uses. If each rented machine gets a key of its own,
    //    add `identity`. Both are optional.
  });
}

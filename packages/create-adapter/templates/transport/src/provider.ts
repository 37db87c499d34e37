import { defineBorrowedProvider, type Provider } from "@unitrain/core/spec";
import { type AcmeNameOptions, readOptions } from "./options.ts";
import { acmeName, connectionKind } from "./transport.ts";

// 5. A machine that the user has already, so that the transport can be used at once: `acmeNameMachine({ name: "box" })`.
export interface AcmeNameMachineOptions extends AcmeNameOptions {
  /** The name of the machine. */
  readonly name: string;
}

/** Names a machine that is reached by Acme Name. It costs nothing and is never terminated. */
export function acmeNameMachine({ name, ...options }: AcmeNameMachineOptions): Provider {
  readOptions(options);
  return defineBorrowedProvider({
    name: "acme-name",
    recipe: {
      module: "unitrain-transport-acme-name",
      exportName: "acmeNameMachine",
      options: { name, ...options },
      secrets: [],
    },
    machine: { connectionKind, name },
    offer: { machine: `${name} (acme-name)` },
    defaultTransport: () => acmeName(options),
  });
}

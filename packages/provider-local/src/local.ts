import { defineBorrowedProvider, defineTransport, type Provider, type Transport } from "@unitrain/core/spec";
import { type LocalOptions, parseOptions } from "./options.ts";
import { quoteThisComputer } from "./quote.ts";

/**
 * Creates a provider that uses this computer as the machine: no account, no network, no sshd. It costs nothing and is never released;
 * only the files of a run are cleaned up.
 *
 * @param options See {@link LocalOptions}.
 * @throws UnitrainError `INVALID_OPTIONS`. A plan throws `UNSUPPORTED_PLATFORM` on Windows outside WSL, and `NOT_AVAILABLE` when this
 * computer lacks what the run needs.
 *
 * @example
 * ```ts
 * import { local } from "@unitrain/provider-local";
 *
 * const thisComputer = local();
 * const onTheLargeDisk = local({ workFolder: "/data/unitrain" });
 * ```
 */
export function local(options: LocalOptions = {}): Provider {
  const parsed = parseOptions(options);
  return defineBorrowedProvider({
    name: "local",
    recipe: { module: "@unitrain/provider-local", exportName: "local", options: parsed, secrets: [] },
    machine: { connectionKind: "local" },
    offer: (request, context) => quoteThisComputer(request, parsed.workFolder, context.signal),
    defaultTransport: () => createTransport(parsed),
  });
}

/** Creates a transport that loads its code when it connects, which a plan does not. */
function createTransport(options: LocalOptions): Transport {
  const about = { name: "local", supports: ["local"] } as const;
  return defineTransport({
    ...about,
    async connect(machine, context) {
      const { childExecutor, posixTransport } = await import("@unitrain/transport-posix");
      const connect = async () => childExecutor("sh", ["-c"]);
      return posixTransport({ ...about, connect, ...options }).connect(machine, context);
    },
  });
}

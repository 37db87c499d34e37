import { defineBorrowedProvider, type Provider } from "@unitrain/core/spec";
import { childExecutor, posixTransport } from "@unitrain/transport-posix";
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
    defaultTransport: () =>
      posixTransport({
        name: "local",
        supports: ["local"],
        connect: async () => childExecutor("sh", ["-c"]),
        ...parsed,
      }),
  });
}

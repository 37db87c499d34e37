import { defineBorrowedProvider, type Provider } from "@unitrain/core/spec";
import { childExecutor, posixTransport } from "@unitrain/transport-posix";
import { type LocalOptions, parseOptions } from "./options.ts";
import { quoteThisComputer } from "./quote.ts";

/**
 * This computer as the machine: no account, no network, no sshd. It costs nothing and is never torn down; runs on it are only cleaned up.
 *
 * @throws UnitrainError `INVALID_OPTIONS`; in `plan`, `UNSUPPORTED_PLATFORM` on Windows outside WSL.
 *
 * @example
 * ```ts
 * import { local } from "@unitrain/provider-local";
 *
 * const here = local();
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

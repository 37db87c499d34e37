import type { Transport } from "@unitrain/core/spec";
import { posixTransport, setsid, tmux } from "@unitrain/transport-posix";
import { readSshEnvironment, type SshEnvironment } from "./environment.ts";
import { parseOptions, type SshOptions } from "./options.ts";

/** Long enough for a person to find their phone. */
const personConnectTimeoutMs = 150_000;

/**
 * Creates a transport that connects by SSH. For a rented machine it creates a new key for each lease, and pins the host key of the first
 * connection. A machine that you already have is reached as `ssh` reaches it: with your `~/.ssh/config`, agent and keys, and only when
 * you know its host key.
 *
 * @param options See {@link SshOptions}.
 * @throws UnitrainError `INVALID_OPTIONS`. Connecting throws `INVALID_OPTIONS` for an invalid ssh configuration, `HOST_KEY_UNKNOWN`,
 * `HOST_KEY_CHANGED`, `LOGIN_REFUSED`, `LOGIN_NEEDS_PERSON`, `UNUSABLE_GATEWAY` or `TRANSPORT_MISMATCH`.
 *
 * @example
 * ```ts
 * import { sshMachine } from "@unitrain/provider-ssh";
 * import { ssh } from "@unitrain/transport-ssh";
 *
 * const machine = { provider: sshMachine("ssh://ubuntu@gpu-box"), transport: ssh() };
 * ```
 */
export function ssh(options: SshOptions = {}): Transport {
  return createSsh(options, readSshEnvironment());
}

/** As {@link ssh}, with the environment as a parameter. */
export function createSsh(options: SshOptions, environment: SshEnvironment): Transport {
  const parsed = parseOptions(options);
  const { readyTimeoutMs, workFolder } = parsed;
  const prompted = new Set<string>();
  return posixTransport({
    name: "ssh",
    supports: ["ssh"],
    recipe: { module: "@unitrain/transport-ssh", exportName: "ssh", options: parsed, secrets: [] },
    ...(readyTimeoutMs === undefined ? {} : { readyTimeoutMs }),
    ...(environment.canAsk ? { connectTimeoutMs: personConnectTimeoutMs } : {}),
    launchers: [tmux({ install: true }), setsid()],
    ...(workFolder === undefined ? {} : { workFolder }),
    // Imported late, because these modules take as long to load as everything else together.
    async identity({ folder }) {
      const { makeLeaseKey } = await import("./keys/lease-key.ts");
      return makeLeaseKey(folder);
    },
    async connect(machine, context) {
      const { connect } = await import("./connect/connect.ts");
      return connect(machine, context, parsed, environment, prompted);
    },
    async describeConnection(machine, context) {
      const { describeConnection } = await import("./program/describe-connection.ts");
      return describeConnection(machine, context, parsed, environment);
    },
    async access(machine, context) {
      const { createAccess } = await import("./access.ts");
      return createAccess(machine, context, parsed, environment);
    },
  });
}

import type { Transport } from "@unitrain/core/spec";
import { posixTransport, setsid, tmux } from "@unitrain/transport-posix";
import { readSshEnvironment, type SshEnvironment } from "./environment.ts";
import { parseOptions, type SshOptions } from "./options.ts";

/** Somebody may have to find their phone. */
const personConnectTimeoutMs = 150_000;

/**
 * Machines that are reached by SSH. A rented machine gets a key of its own for each lease, and its host key is pinned there; a machine you
 * have already is reached as `ssh` does it: by your `~/.ssh/config`, your agent and keys, and only when its host key is known to you.
 *
 * @throws UnitrainError `INVALID_OPTIONS`. When it connects, `HOST_KEY_UNKNOWN`, `HOST_KEY_CHANGED`, `LOGIN_REFUSED`, `LOGIN_NEEDS_PERSON`, `UNUSABLE_GATEWAY`.
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

/** As {@link ssh}, from a computer where home folder, agent and patience may be others. */
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
    // Late: what is behind them takes as long to load as everything else together.
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
      const { createAccess: accessTo } = await import("./access.ts");
      return accessTo(machine, context, parsed, environment);
    },
  });
}

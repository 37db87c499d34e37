import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";

const path = z.string().min(1);
const schema = z.strictObject({
  identityFile: path.optional(),
  sshConfigFile: path.optional(),
  knownHostsFile: path.optional(),
  readyTimeoutMs: z.number().int().positive().optional(),
  workFolder: z
    .string()
    .regex(/^(\/|~\/)/, "must be absolute, or begin with ~/")
    .optional(),
  connections: z.number().int().min(1).max(16).optional(),
});

/**
 * Options of `ssh()`.
 *
 * @example
 * ```ts
 * import type { SshOptions } from "@unitrain/transport-ssh";
 *
 * const options: SshOptions = { identityFile: "~/.ssh/id_ed25519", connections: 4 };
 * ```
 */
export interface SshOptions {
  /** Private key for a machine that you already have. Defaults to the keys of your agent, `~/.ssh/config` and `~/.ssh`. */
  readonly identityFile?: string;
  /** ssh configuration, which is only read. Defaults to `~/.ssh/config`. */
  readonly sshConfigFile?: string;
  /** File of trusted host keys, which is only read. Defaults to the file that `~/.ssh/config` names, else `~/.ssh/known_hosts`. */
  readonly knownHostsFile?: string;
  /**
   * Milliseconds until the first login must succeed. Defaults to 120,000 for a rented machine, and 20,000 for a machine that you already
   * have.
   */
  readonly readyTimeoutMs?: number;
  /** Folder for all our files on the machine: absolute, or below the home folder with `~/`. Defaults to `~/.unitrain/1`. */
  readonly workFolder?: string;
  /** The most connections to a machine that allows few sessions per connection, 1 to 16. Defaults to 4. */
  readonly connections?: number;
}

export function parseOptions(options: SshOptions): SshOptions {
  const { success, data, error } = schema.safeParse(options);
  if (!success) {
    throw new UnitrainError("INVALID_OPTIONS", `ssh(): ${z.prettifyError(error)}`, {
      hint: `Use only the options ${Object.keys(schema.shape).join(", ")}.`,
      cause: error,
    });
  }
  // Without undefined values, because the options are stored as JSON.
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

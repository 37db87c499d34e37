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

export interface SshOptions {
  /** The private key that lets you into a machine of yours. By default your agent's, and what `~/.ssh/config` or `~/.ssh` holds. */
  readonly identityFile?: string;
  /** By default `~/.ssh/config`. Only read. */
  readonly sshConfigFile?: string;
  /** Whose host keys are trusted. By default what `~/.ssh/config` says, else `~/.ssh/known_hosts`. Only read. */
  readonly knownHostsFile?: string;
  /** How long a machine may take until it lets us in for the first time. By default 120 000; of a machine that you have already, 20 000. */
  readonly readyTimeoutMs?: number;
  /** Where everything of ours lies on the machine: absolute, or below the home folder with `~/`. By default `~/.unitrain/1`. */
  readonly workFolder?: string;
  /** How many connections a machine that allows few sessions on each may be asked for. By default 4. */
  readonly connections?: number;
}

export function parseOptions(options: SshOptions): SshOptions {
  const { success, data, error } = schema.safeParse(options);
  if (!success) {
    throw new UnitrainError("INVALID_OPTIONS", `ssh(): ${z.prettifyError(error)}`, {
      hint: `The options are: ${Object.keys(schema.shape).join(", ")}.`,
      cause: error,
    });
  }
  // Without what was given as undefined: the options are written down as JSON.
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

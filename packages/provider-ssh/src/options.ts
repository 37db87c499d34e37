import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";

/**
 * The address of a machine.
 *
 * @example
 * ```ts
 * import type { SshMachineOptions } from "@unitrain/provider-ssh";
 *
 * const options: SshMachineOptions = { host: "gpu-box", port: 2222 };
 * ```
 */
export interface SshMachineOptions {
  /** Name, address, or an alias of your `~/.ssh/config`. */
  readonly host: string;
  /** TCP port. Defaults to the port of `~/.ssh/config`, else 22. */
  readonly port?: number;
  /** User name. Defaults to the user of `~/.ssh/config`, else your name on this computer. */
  readonly user?: string;
  /** Host key of the machine in OpenSSH format, in place of `known_hosts`: `ssh-ed25519 AAAA…`. */
  readonly hostKey?: string;
}

// A host must not begin with a dash, which ssh would take for an option, or contain a space or a control character.
const host = z
  .string()
  .max(255)
  .regex(/^[^\s\p{Cc}@/:[\]-][^\s\p{Cc}@/[\]]*$/u, "is not the name or address of a machine");
const user = z
  .string()
  .max(255)
  .regex(/^[^\s\p{Cc}:-][^\s\p{Cc}:]*$/u, "is not a user's name");
const hostKey = z
  .string()
  .regex(/^[a-z0-9@.-]+ AAAA[A-Za-z0-9+/]+={0,2}( .*)?$/, "is not a public key in OpenSSH format");

const schema = z.strictObject({
  host,
  port: z.number().int().min(1).max(65535).optional(),
  user: user.optional(),
  hostKey: hostKey.optional(),
});

export function parseOptions(target: string | SshMachineOptions): SshMachineOptions {
  const machineOptions = typeof target === "string" ? parseAddress(target) : target;
  const { success, data, error } = schema.safeParse(machineOptions);
  if (!success) throw invalidOptionsError(z.prettifyError(error), error);
  const { port, user: name, hostKey: key } = data;
  return {
    host: data.host,
    ...(port === undefined ? {} : { port }),
    ...(name === undefined ? {} : { user: name }),
    ...(key === undefined ? {} : { hostKey: key }),
  };
}

const address =
  /^(?:ssh:\/\/)?(?:(?<user>[^@/:]+)@)?(?:\[(?<address>[0-9a-fA-F:.]+(?:%[\w.-]+)?)\]|(?<host>[^@/:[\]]+))(?::(?<port>\d{1,5}))?\/?$/;

/** Parses `ssh://user@host:port`, of which only the host is required. An IPv6 address must be in brackets. */
function parseAddress(text: string): unknown {
  const found = address.exec(text)?.groups;
  if (found === undefined) {
    const password = /^(?:ssh:\/\/)?[^@/]*:[^@/]*@/.test(text);
    throw invalidOptionsError(
      password
        ? "an address must not contain a password, because only keys are used for the login."
        : `${JSON.stringify(text)} is not the address of a machine.`,
    );
  }
  return {
    host: found.address ?? found.host,
    user: found.user === undefined ? undefined : decodeUser(found.user),
    port: found.port === undefined ? undefined : Number(found.port),
  };
}

/** Decodes a user name, which may contain characters that an address cannot: `first%40last`. */
function decodeUser(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalidOptionsError(reason: string, cause?: unknown): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `sshMachine(): ${reason}`, {
    hint: "Use ssh://user@host:port, user@host, or an alias of your ~/.ssh/config.",
    cause,
  });
}

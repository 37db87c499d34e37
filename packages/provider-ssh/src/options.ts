import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";

/** Where a machine is. What is left out says your `~/.ssh/config`. */
export interface SshMachineOptions {
  /** Name, address, or an alias of your `~/.ssh/config`. */
  readonly host: string;
  /** By default what `~/.ssh/config` says, else 22. */
  readonly port?: number;
  /** By default what `~/.ssh/config` says, else your name on this computer. */
  readonly user?: string;
  /** Its host key in OpenSSH form, in place of `known_hosts`: `ssh-ed25519 AAAA…`. */
  readonly hostKey?: string;
}

// A host that begins with a dash, or holds a space or a control character, is none.
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
  .regex(/^[a-z0-9@.-]+ AAAA[A-Za-z0-9+/]+={0,2}( .*)?$/, "is not a public key in OpenSSH form");

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

/** `ssh://user@host:port`; all but the host may be left out. An IPv6 address stands in brackets. */
function parseAddress(text: string): unknown {
  const found = address.exec(text)?.groups;
  if (found === undefined) {
    const password = /^(?:ssh:\/\/)?[^@/]*:[^@/]*@/.test(text);
    throw invalidOptionsError(
      password
        ? "an address must not hold a password: only keys let unitrain in."
        : `${JSON.stringify(text)} is not the address of a machine.`,
    );
  }
  return {
    host: found.address ?? found.host,
    user: found.user === undefined ? undefined : decodeUser(found.user),
    port: found.port === undefined ? undefined : Number(found.port),
  };
}

/** A user's name may hold what an address cannot: `first%40last`. */
function decodeUser(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalidOptionsError(reason: string, cause?: unknown): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `sshMachine(): ${reason}`, {
    hint: "Give ssh://user@host:port, user@host, or an alias of your ~/.ssh/config.",
    cause,
  });
}

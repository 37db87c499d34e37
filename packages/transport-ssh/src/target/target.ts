import type { Machine } from "@unitrain/core/spec";
import type { TrustRule } from "../host-key/trust-rule.ts";
import type { KeySources } from "../keys/key-sources.ts";

export type SshMachine = Extract<Machine, { readonly connectionKind: "ssh" }>;

/** One SSH server on the way, with everything that is needed to log in. */
export interface Hop {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `user@host:port`, for messages. */
  readonly displayName: string;
  readonly keys: KeySources;
  readonly trust: TrustRule;
  /** The `ProxyCommand` of the user's configuration. Only the first hop can have one. */
  readonly proxyCommand?: string | undefined;
  /** Further options of the user's configuration for the `ssh` program. */
  readonly sshOptions?: readonly (readonly [name: string, value: string])[];
}

/** A machine with the hosts on the way to it. */
export interface Target extends Hop {
  /** The machine was rented for this lease, so it may still be booting. */
  readonly isLeased: boolean;
  /** Jump hosts, in the order in which they are passed. */
  readonly jumps: readonly Hop[];
}

export function formatAddress(user: string, host: string, port: number): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${user}@${name}${port === 22 ? "" : `:${port}`}`;
}

import type { Machine } from "@unitrain/core/spec";
import type { TrustRule } from "../host-key/trust-rule.ts";
import type { KeySources } from "../keys/key-sources.ts";

export type SshMachine = Extract<Machine, { readonly connectionKind: "ssh" }>;

/** One SSH server on the way, all that is needed to get in. */
export interface Hop {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `user@host:port`, for people. */
  readonly displayName: string;
  readonly keys: KeySources;
  readonly trust: TrustRule;
  /** A command that carries the bytes, where the user's configuration names one. Only the first hop has it. */
  readonly proxyCommand?: string | undefined;
  /** Further options for the `ssh` program, as the user's configuration has them. */
  readonly sshOptions?: readonly (readonly [name: string, value: string])[];
}

/** A machine, and how it is come by. */
export interface Target extends Hop {
  /** It was rented for this lease: it may still boot, and nobody but us waits for it. */
  readonly isLeased: boolean;
  /** Servers on the way, in the order in which they are passed. */
  readonly jumps: readonly Hop[];
}

export function formatAddress(user: string, host: string, port: number): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${user}@${name}${port === 22 ? "" : `:${port}`}`;
}

import type { Access } from "./access.ts";
import type { CallContext, RunContext } from "./call-context.ts";
import type { ConnectionKind, Machine, NotReady } from "./machine.ts";
import type { AdapterRecipe } from "./recipe.ts";
import type { Session } from "./session.ts";
import type { SpecVersion } from "./spec-version.ts";

/**
 * The adapter that connects to machines. Only core calls it. `posixTransport()` of `@unitrain/transport-posix` creates one from a
 * single function that runs a command.
 */
export interface Transport {
  readonly specVersion: SpecVersion;
  readonly name: string;
  readonly recipe?: AdapterRecipe;
  /**
   * Patterns of the transport's secrets, so that they are masked even if nobody registered them: `/\bcw_\w{6,512}/`. All output is
   * searched, so a pattern must not contain nested repetition.
   */
  readonly secretPatterns?: readonly RegExp[];
  /** The kinds of connection that it can make. */
  readonly supports: readonly ConnectionKind[];
  /** How long core tries to connect to a running machine for the first time. By default 2 minutes, or 20 seconds for a borrowed machine. */
  readonly readyTimeoutMs?: number;
  /** How long one call of `connect` may take. By default 30 seconds; allow more if a person may have to answer a prompt. */
  readonly connectTimeoutMs?: number;
  /** Creates a key pair in the lease's folder and returns the public key that the provider must let in. Called once per lease, before `lease`. */
  identity?(context: RunContext): Promise<{ readonly publicKey: string }>;
  /**
   * Tries once to connect and log in; core polls. It returns why the machine is not ready, so that no separate check has to log in
   * as well. `context.signal` ends the attempt, but not a session that it returned.
   */
  connect(machine: Machine, context: RunContext): Promise<Session | NotReady>;
  /** Returns a line for the plan on how the machine will be reached, or undefined. Connects to nothing. */
  describeConnection?(machine: Machine, context: CallContext): Promise<string | undefined>;
  /** Returns how a person connects with another program (`unitrain ssh`). Connects to nothing; may write into the lease's folder. */
  access?(machine: Machine, context: RunContext): Promise<Access>;
}

import type { Access } from "./access.ts";
import type { CallContext, RunContext } from "./call-context.ts";
import type { ConnectionKind, Machine, NotReady } from "./machine.ts";
import type { AdapterRecipe } from "./recipe.ts";
import type { Session } from "./session.ts";
import type { SpecVersion } from "./spec-version.ts";

/** How a machine is reached. `posixTransport()` of `@unitrain/transport-posix` makes one out of a single `exec`. */
export interface Transport {
  readonly specVersion: SpecVersion;
  readonly name: string;
  readonly recipe?: AdapterRecipe;
  /** What its secrets look like, so that one is masked even where nobody named it: `/\bcw_\w{6,512}/`. Without nested repetition: all output is searched. */
  readonly secretPatterns?: readonly RegExp[];
  readonly supports: readonly ConnectionKind[];
  /** How long core waits for a machine that runs to let us in for the first time. By default two minutes; a borrowed one, which does not boot for us, 20 s. */
  readonly readyTimeoutMs?: number;
  /** How long one try to connect may take. By default 30 s; longer where a person may be asked for something. */
  readonly connectTimeoutMs?: number;
  /** Makes what a provider must let in, in the lease's folder. Called once for each lease, before it. */
  identity?(context: RunContext): Promise<{ readonly publicKey: string }>;
  /**
   * One try, never a loop: core polls. Readiness and login are one thing, so that nobody logs in twice.
   * The signal ends the attempt, never the session.
   */
  connect(machine: Machine, context: RunContext): Promise<Session | NotReady>;
  /** Says before a run how the machine will be reached, where that is worth a line in the plan. Connects to nothing. */
  describeConnection?(machine: Machine, context: CallContext): Promise<string | undefined>;
  /** How people get in by a program of their own (`unitrain ssh`). Connects to nothing; may write into the lease's folder. */
  access?(machine: Machine, context: RunContext): Promise<Access>;
}

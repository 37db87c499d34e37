import type { Machine, Transport } from "@unitrain/core/spec";
import type { SuiteClock } from "../suite/clock.ts";

/** What a rule may need of a transport and its test setup. An author lists the ones that are missing in `lacks`. */
export type TransportAbility =
  /** The machine runs programs: `sh` and the usual POSIX tools. */
  | "commands"
  | "recipe"
  /** It creates a key pair for a lease. */
  | "identity"
  /** The setup names a machine that cannot be reached. */
  | "unreachable-machine"
  /** The setup can cut the connection. */
  | "cut"
  /** The setup can tell whether a process runs on the machine. */
  | "processes";

/** A transport with a machine, created anew for each check. Its oracle looks at the machine in another way than the transport. */
export interface TransportSubject {
  readonly transport: Transport;
  readonly machine: Machine;
  /** The absolute path of an existing, empty folder on the machine, outside the work folder. */
  readonly folder: string;
  /** Reads a file of the machine; resolves with undefined if there is none. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  /** Writes a file on the machine, with its folders. */
  readonly writeFile: (path: string, content: Uint8Array) => Promise<void>;
  /** Set it to false if the machine is a simulation that runs no programs. */
  readonly runsCommands?: boolean;
  readonly isProcessAlive?: (pid: number) => boolean | Promise<boolean>;
  /** A machine of the same kind that cannot be reached, such as a closed port. */
  readonly unreachableMachine?: Machine;
  /** Cuts every open connection to the machine, as an unreliable network does. */
  readonly cut?: () => void | Promise<void>;
  /** The clock of `context.wait`. By default the computer's own. */
  readonly clock?: SuiteClock;
  readonly close?: () => void | Promise<void>;
}

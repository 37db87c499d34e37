import type { MachineAddress, MachineInstance } from "../machines/machine-source.ts";

/** An instance of any cloud, in the state of its emulator. Times are milliseconds since 1970. */
export interface BaseInstance extends MachineInstance {
  name: string;
  readonly region: string;
  readonly keyName: string | null;
  readonly centsPerHour: number;
  readonly upfrontHours: number;
  restarts: number;
  /** Time when it is ready; `null` if it never is. */
  activeAtMs: number | null;
  /** Time from which lists include it. */
  listedAtMs: number;
  /** Time until which a lookup by id finds nothing, although it exists. */
  foundAtMs: number;
  terminateAskedAtMs: number | null;
}

/** An SSH key of any cloud. */
export interface BaseKey {
  readonly name: string;
  readonly publicKey: string;
  readonly createdAtMs: number;
  /** Belongs to a colleague. */
  readonly isForeign: boolean;
  goneAtMs: number | null;
}

/** The state that every emulated cloud has, including deleted resources. */
export interface BaseState {
  readonly version: 1;
  readonly instances: BaseInstance[];
  readonly addresses: MachineAddress[];
  readonly keys: BaseKey[];
}

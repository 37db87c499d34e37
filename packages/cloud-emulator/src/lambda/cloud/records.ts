import type { BaseInstance, BaseKey, BaseState } from "../../emulator/records.ts";
import type { MachineAddress } from "../../machines/machine-source.ts";

/** The state of the emulated cloud. Times are milliseconds since 1970. */
export interface CloudState extends BaseState {
  readonly instances: InstanceRecord[];
  /** Every instance has an address of its own from its launch on, which costs nothing. */
  readonly addresses: MachineAddress[];
  readonly keys: KeyRecord[];
  /** When the last launch was answered; for the rate limit. */
  lastLaunchAtMs: number | null;
}

/** An instance in the state of the emulated cloud. */
export interface InstanceRecord extends BaseInstance {
  readonly instanceType: string;
  readonly ip: string;
  readonly privateIp: string;
  readonly hostname: string;
  readonly image: string | null;
  /** The provider took it away. */
  preemptedAtMs: number | null;
  /** Answers by id, and stays in the list, with status `terminated` once it is gone. */
  staysListed: boolean;
}

/** An SSH key in the state of the emulated cloud. */
export interface KeyRecord extends BaseKey {
  readonly id: string;
}

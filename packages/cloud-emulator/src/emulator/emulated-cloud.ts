import type { EmulatorClock } from "../clock.ts";
import type { LaunchTimes } from "./lifecycle.ts";
import type { BaseState } from "./records.ts";

/** An emulated cloud: its settings, state and clock. */
export interface EmulatedCloud<
  Settings extends LaunchTimes = LaunchTimes,
  State extends BaseState = BaseState,
> {
  readonly settings: Settings;
  readonly state: State;
  readonly clock: EmulatorClock;
  /** Stores a change of the state. The keeper of the machines picks it up. */
  saveChanges(): void;
  /** Returns a new public address, which is a loopback address of this computer. */
  newPublicIp(): string;
  /** Returns the URL of another host, which only records requests. */
  redirectUrl(): string;
}

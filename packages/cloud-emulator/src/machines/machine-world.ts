import type { EmulatorClock } from "../clock.ts";

/** How long each step of a boot takes, in milliseconds. */
export interface BootTimes {
  /** From ACTIVE on connections are refused. */
  activeToSshMs: number;
  /** Then they are accepted, and nothing is said. */
  silentMs: number;
  /** Then every login is refused with "System is booting up". */
  bootingUpMs: number;
}

/** What a machine is made by: the record of an instance, whichever cloud it is of. Times are milliseconds since 1970. */
export interface MachineInstance {
  readonly id: string;
  readonly name: string;
  /** Let in by the image's first boot; kept, because the key may be deleted while the machine lives. */
  readonly publicKey: string | null;
  /** Somebody else's: no machine is started for it. */
  readonly isForeign: boolean;
  readonly launchedAtMs: number;
  /** Restarts that were asked for. */
  readonly restarts: number;
  readonly boot: BootTimes;
  newHostKeyAtMs: number | null;
  /** Its security group lets nothing in. */
  firewalled: boolean;
  /** The machine may be connected to from here on; `null`: never. */
  readonly activeAtMs: number | null;
  errorAtMs: number | null;
  stoppedAtMs: number | null;
  readonly terminateAskedAtMs: number | null;
  goneAtMs: number | null;
  /** A machine of it runs, or its disk is still there: until then it is not gone. */
  machineLives: boolean;
}

/** A public address, and the instance that it leads to. */
export interface MachineAddress {
  readonly id: string;
  readonly ip: string;
  readonly isForeign: boolean;
  readonly instanceId: string | null;
  readonly goneAtMs: number | null;
}

/** What the keeper of the machines needs of an emulated cloud. */
export interface MachineWorld<Instance extends MachineInstance> {
  readonly clock: EmulatorClock;
  saveChanges(): void;
  readonly state: { readonly instances: readonly Instance[]; readonly addresses: readonly MachineAddress[] };
}

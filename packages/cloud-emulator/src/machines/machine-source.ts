import type { EmulatorClock } from "../clock.ts";

/** Durations of the steps of a boot, in milliseconds. */
export interface BootTimes {
  /** Starting at ACTIVE, connections are refused. */
  activeToSshMs: number;
  /** Then connections are accepted without a response. */
  silentMs: number;
  /** Then every login is refused with "System is booting up". */
  bootingUpMs: number;
}

/** What a machine is created from: the record of an instance, of any cloud. Times are milliseconds since 1970. */
export interface MachineInstance {
  readonly id: string;
  readonly name: string;
  /** Authorized at first boot. Copied, because the key may be deleted while the machine runs. */
  readonly publicKey: string | null;
  /** Belongs to a colleague; no machine is started for it. */
  readonly isForeign: boolean;
  readonly launchedAtMs: number;
  /** Number of restarts through the API. */
  readonly restarts: number;
  readonly boot: BootTimes;
  newHostKeyAtMs: number | null;
  /** Its security group blocks all incoming connections. */
  firewalled: boolean;
  /** Time from which the machine can be reached; `null` for never. */
  readonly activeAtMs: number | null;
  errorAtMs: number | null;
  stoppedAtMs: number | null;
  readonly terminateAskedAtMs: number | null;
  goneAtMs: number | null;
  /** Removes the eighth bit of everything that its commands print, as a proxy that is made for terminals does. */
  sevenBits?: boolean;
  /** Its machine runs or its disk exists. Until both are gone, the instance exists. */
  machineLives: boolean;
}

/** A public address and its instance. */
export interface MachineAddress {
  readonly id: string;
  readonly ip: string;
  /** The public port of its SSH server, if it differs from that of the other machines. */
  readonly port?: number;
  readonly isForeign: boolean;
  readonly instanceId: string | null;
  readonly goneAtMs: number | null;
}

/** What the machines of a cloud have in common. */
export interface MachineImage {
  /** The user of logins. `root` also stands for a container: small shared memory, no notice while it boots. */
  readonly user: "ubuntu" | "root";
  /** Size of /dev/shm in MB; by default half of the memory. */
  readonly sharedMemoryMb?: number;
}

/** What the keeper of the machines needs from an emulated cloud. */
export interface MachineSource<Instance extends MachineInstance> {
  readonly clock: EmulatorClock;
  saveChanges(): void;
  readonly state: { readonly instances: readonly Instance[]; readonly addresses: readonly MachineAddress[] };
}

/** The address of a machine and the kind of connection to it. JSON. `Transport.supports` lists the kinds that a transport can use. */
export type Machine =
  | { readonly connectionKind: "local" }
  | {
      readonly connectionKind: "ssh";
      /** A host name or an address. With `trust: "known-hosts"` also an alias of the user's ssh configuration. */
      readonly host: string;
      /** By default the port of the user's ssh configuration, else 22. */
      readonly port?: number;
      /** By default the user of the user's ssh configuration, else the user's name on this computer. */
      readonly user?: string;
      /** The host key in OpenSSH format, if the provider publishes it: `ssh-ed25519 AAAA…`. */
      readonly hostKey?: string;
      /**
       * `known-hosts` (default): a machine that the user already has. Its host key must be in the user's known hosts, and the user's
       * keys and ssh configuration are used. `lease`: a machine rented for this lease. Its host key is pinned on first use in the
       * lease's folder, and only the lease's key is offered.
       */
      readonly trust?: "known-hosts" | "lease";
    }
  | { readonly connectionKind: `x-${string}`; readonly [detail: string]: unknown };

/** A kind of connection to a machine: `local`, `ssh`, or `x-…` for one that a third party defines. */
export type ConnectionKind = Machine["connectionKind"];

/** The state of a lease's machine at its provider. Only `gone` means that it no longer costs money. */
export type MachineState =
  | { readonly state: "starting"; readonly detail: string }
  | { readonly state: "running"; readonly machine: Machine }
  /** It may still cost money, so this never means `gone`. */
  | { readonly state: "stopped" | "preempted" | "failed"; readonly detail: string }
  | { readonly state: "gone"; readonly evidence: string }
  /** The provider could not be asked, so this never means `gone`. */
  | { readonly state: "unknown"; readonly detail: string };

/** What a machine has, read once after each connect. JSON. */
export interface MachineFacts {
  /** The name of the operating system as `uname -s` prints it: `Linux`, `Darwin`. */
  readonly os: string;
  /** The processor architecture as `uname -m` prints it: `x86_64`, `aarch64`. */
  readonly architecture: string;
  readonly hostname: string;
  /** The absolute path of the user's home folder on the machine. */
  readonly home: string;
  /** The absolute path of unitrain's versioned folder on the machine, which holds all files of a run: `~/.unitrain/1`. */
  readonly workFolder: string;
  /** The absolute path of the folder that keeps environments between runs: `~/.cache/unitrain/1/environments`. */
  readonly environmentsFolder: string;
  readonly cpus: number;
  readonly ramBytes: number;
  /** The size of `/dev/shm`; 0 if there is none. */
  readonly sharedMemoryBytes: number;
  readonly mounts: readonly { readonly path: string; readonly freeBytes: number }[];
  readonly gpus: readonly {
    readonly name: string;
    readonly memoryBytes: number;
    readonly computeCapability: string;
    /** The programs that were using the GPU when the facts were read. Left out if there were none, or none were visible. */
    readonly processes?: readonly GpuProcess[];
  }[];
  /** The version of the NVIDIA driver, if there is one: `570.172.08`. */
  readonly gpuDriver?: string;
  /** The installed ones of the programs that unitrain can use: `tmux`, `python3`, `uv`… */
  readonly tools: readonly string[];
  /** Whether the user is root. */
  readonly root: boolean;
}

/** A program that uses a GPU. */
export interface GpuProcess {
  readonly pid: number;
  /** The user that runs it; left out if the process is not visible, for example from inside a container. */
  readonly user?: string;
  /** The name of its executable: `python3`. */
  readonly name: string;
  /** The GPU memory that it uses; left out if the driver does not report it. */
  readonly memoryBytes?: number;
}

/** Why a machine is not ready: the step that failed, and the reason for the user. */
export interface NotReady {
  readonly ready: false;
  /** The step that failed: `tcp`, `banner`, `login`, `gpu`… */
  readonly step: string;
  readonly reason: string;
  /** Whether waiting cannot help. Core then stops polling at once. */
  readonly final?: boolean;
}

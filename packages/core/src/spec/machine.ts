/** Where a machine is, and by what way it is reached. JSON. A transport says in `supports` which of these it can. */
export type Machine =
  | { readonly connectionKind: "local" }
  | {
      readonly connectionKind: "ssh";
      /** Name or address; of a machine that is trusted by `known-hosts` also an alias of the user's own ssh configuration. */
      readonly host: string;
      /** By default what the user's ssh configuration says, else 22. */
      readonly port?: number;
      /** By default what the user's ssh configuration says, else the user's name on this computer. */
      readonly user?: string;
      /** The host key in OpenSSH form, where the provider tells it: `ssh-ed25519 AAAA…`. */
      readonly hostKey?: string;
      /**
       * `known-hosts` (default): a machine the user already has. Its host key must be among those the user knows, and the user's own
       * keys and ssh configuration apply. `lease`: a machine rented for this lease. Its host key is pinned on first use in the
       * lease's folder, and only the lease's own key is offered.
       */
      readonly trust?: "known-hosts" | "lease";
    }
  | { readonly connectionKind: `x-${string}`; readonly [detail: string]: unknown };

/** A way of reaching a machine: `local`, `ssh`, or one of a third party's own, `x-…`. */
export type ConnectionKind = Machine["connectionKind"];

/** What a provider says of a lease's machine. Only `gone` means that it costs nothing any more. */
export type MachineState =
  | { readonly state: "starting"; readonly detail: string }
  | { readonly state: "running"; readonly machine: Machine }
  /** May go on costing: never read as gone. */
  | { readonly state: "stopped" | "preempted" | "failed"; readonly detail: string }
  | { readonly state: "gone"; readonly evidence: string }
  /** The provider could not be asked: never read as gone. */
  | { readonly state: "unknown"; readonly detail: string };

/** What was found on a machine once connected; read once for each connection, JSON. */
export interface MachineFacts {
  /** `Linux`, `Darwin`. */
  readonly os: string;
  /** `x86_64`, `aarch64`. */
  readonly architecture: string;
  readonly hostname: string;
  /** The user's home folder there, absolute. */
  readonly home: string;
  /** Our own folder there, absolute and versioned: `~/.unitrain/1`. Everything of a run lies below it. */
  readonly workFolder: string;
  /** Where environments are kept between runs, absolute: `~/.cache/unitrain/1/environments`. */
  readonly environmentsFolder: string;
  readonly cpus: number;
  readonly ramBytes: number;
  /** Size of `/dev/shm`; 0 where there is none. */
  readonly sharedMemoryBytes: number;
  readonly mounts: readonly { readonly path: string; readonly freeBytes: number }[];
  readonly gpus: readonly {
    readonly name: string;
    readonly memoryBytes: number;
    readonly computeCapability: string;
    /** Programs that were computing on it when it was looked at. Left out where there were none, or none could be seen. */
    readonly processes?: readonly GpuProcess[];
  }[];
  /** NVIDIA driver version, where there is one: `570.172.08`. */
  readonly gpuDriver?: string;
  /** Of the programs unitrain cares about, those found: `tmux`, `python3`, `uv`… */
  readonly tools: readonly string[];
  /** The user is root. */
  readonly root: boolean;
}

/** A program that computes on a GPU. */
export interface GpuProcess {
  readonly pid: number;
  /** Left out where the process is not visible, for example from inside a container. */
  readonly user?: string;
  /** Its executable's name: `python3`. */
  readonly name: string;
  /** Left out where the driver does not tell. */
  readonly memoryBytes?: number;
}

/** Not yet, or not at all: which step, and why, for a person. */
export interface NotReady {
  readonly ready: false;
  /** `tcp`, `banner`, `login`, `gpu`… */
  readonly step: string;
  readonly reason: string;
  /** Waiting cannot help: core stops polling at once. */
  readonly final?: boolean;
}

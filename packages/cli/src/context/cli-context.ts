import type {
  AdapterDescriptor,
  MachineCalls,
  Plugin,
  Provider,
  Runs,
  Transport,
  Unitrain,
} from "@unitrain/core";
import type { FrameworkCommandLine, UserOptions } from "@unitrain/core/spec";
import type { WorkingContext } from "./working-context.ts";

/** An output stream: a terminal, a pipe or a file. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** The signals that interrupt a command: Ctrl-C, a termination, and a closed window. */
export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";

/** The source of signals such as Ctrl-C: `process`, or a stand-in in tests. */
export interface SignalSource {
  on(name: SignalName, listener: () => void): unknown;
  off(name: SignalName, listener: () => void): unknown;
}

/** The machine that the user chose, and how to connect to it. */
export interface MachineChoice {
  /** The word after `--on`. */
  readonly on: string;
  /** The folder in which the word was written: that of the configuration, or by default the working folder. */
  readonly folder?: string;
  /** A provider from the configuration. It takes precedence over `on`. */
  readonly provider?: Provider;
  readonly transport?: Transport;
  readonly plugins?: readonly Plugin[];
}

/** Everything that a training is assembled from: a machine, plugins, and a framework with its options. */
export interface TrainingSetup extends MachineChoice {
  readonly plugins: readonly Plugin[];
  readonly framework: FrameworkSetup;
}

/** A framework with the options that the user set for it. */
export interface FrameworkSetup {
  /** A package name, or the `file:` URL of a file. */
  readonly module: string;
  /** The folder from which the package is resolved. */
  readonly folder: string;
  readonly commandLine: FrameworkCommandLine;
  readonly userOptions: UserOptions;
}

/** The calls that compare clouds and search them for untracked resources. */
export type CloudCalls = Pick<MachineCalls, "offers" | "quote" | "listUntracked" | "releaseUntracked">;

/** A provider that rents out machines; `on` is the word that names it. */
export type OpenedCloud = { readonly on: string } & (
  | { readonly state: "open"; readonly calls: CloudCalls }
  /** The environment variables of its key are not set. */
  | { readonly state: "no-key"; readonly variables: readonly string[] }
  /** It cannot be created. */
  | { readonly state: "failed"; readonly error: unknown }
);

/** The interface through which commands use core, with the adapters that the user chose. */
export interface Engine {
  /** Creates the instance that plans and starts a training. `signal` aborts the question to the user's `ssh` what a name means. */
  assemble(setup: TrainingSetup, signal?: AbortSignal): Promise<Unitrain>;
  /** Opens a machine without a training. If a framework is passed, it is asked what it needs there. */
  machine(
    choice: MachineChoice & { readonly framework?: FrameworkSetup },
    signal?: AbortSignal,
  ): Promise<MachineCalls>;
  /** Opens the providers among these that rent out machines. If a framework is passed, their quotes are for it. */
  openClouds(choices: readonly MachineChoice[], framework?: FrameworkSetup): Promise<readonly OpenedCloud[]>;
  /** Opens the records of runs on this computer. */
  runs(): Promise<Runs>;
  /** Lists the environment variables from which a provider reads its keys. */
  keyVariables(on: string): Promise<readonly string[]>;
  /** Checks keys, by variable, with a request for the provider's offers. Throws the provider's error if it refuses them. */
  checkKeys(on: string, keys: Readonly<Record<string, string>>): Promise<void>;
  /** Creates an adapter again from its recipe in a plan. Modules are resolved from `folder`. */
  createFromRecipe<T>(
    kind: "provider" | "transport" | "plugin",
    descriptor: AdapterDescriptor,
    folder: string,
  ): Promise<T>;
}

/** Everything outside this package that the command line uses, so that a test or another program can replace it. */
export interface CliContext extends WorkingContext {
  readonly stdin: { readonly isTTY?: boolean } & Partial<AsyncIterable<unknown>>;
  /** For data. */
  readonly stdout: Output;
  /** For progress output and messages. */
  readonly stderr: Output;
  readonly signals: SignalSource;
  /** Returns the current time in milliseconds since 1970. */
  readonly now: () => number;
  /** Ends the process at once, without waiting for anything. */
  readonly exit: (code: number) => void;
  /** Runs another program on this process's terminal, and resolves with its exit code. */
  readonly run: (words: readonly string[]) => Promise<number>;
  /** Loads the engine on first use, so that `--help` does not wait for it. */
  readonly engine: () => Promise<Engine>;
}

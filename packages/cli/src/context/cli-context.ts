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
import type { WorkingPlace } from "./working-place.ts";

/** A stream that people or programs read: a terminal, a pipe or a file. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";

/** What tells of Ctrl-C and its like: `process`, or a test. */
export interface SignalSource {
  on(name: SignalName, listener: () => void): unknown;
  off(name: SignalName, listener: () => void): unknown;
}

/** Which machine is meant, and how it is reached. */
export interface MachineChoice {
  readonly on: string;
  /** Instead of `on`. */
  readonly provider?: Provider;
  readonly transport?: Transport;
  readonly plugins?: readonly Plugin[];
}

/** What a training is assembled from: a machine, and the framework with its options. */
export interface TrainingSetup extends MachineChoice {
  readonly plugins: readonly Plugin[];
  readonly framework: FrameworkSetup;
}

/** A framework, and what was set for it. */
export interface FrameworkSetup {
  /** A package name, or the `file:` URL of a file. */
  readonly module: string;
  readonly commandLine: FrameworkCommandLine;
  readonly given: UserOptions;
}

/** What the commands call: core, with the adapters that the user's words name. */
export interface Engine {
  /** `signal` gives up asking the user's own `ssh` what a name means. */
  assemble(setup: TrainingSetup, signal?: AbortSignal): Promise<Unitrain>;
  /** A provider and its machine, for what needs no training. A framework is asked what it needs there. */
  machine(
    choice: MachineChoice & { readonly framework?: FrameworkSetup },
    signal?: AbortSignal,
  ): Promise<MachineCalls>;
  runs(): Promise<Runs>;
  /** The environment variables that a provider reads its keys from. */
  keyVariables(on: string): Promise<readonly string[]>;
  /** Asks the provider for its offers with these keys, by variable. Throws what it answers. */
  checkKeys(on: string, keys: Readonly<Record<string, string>>): Promise<void>;
  /** An adapter again that a plan names; modules are looked for from `folder`. */
  createFromRecipe<T>(
    kind: "provider" | "transport" | "plugin",
    descriptor: AdapterDescriptor,
    folder: string,
  ): Promise<T>;
}

/** All of the world that the command line touches, so that a test or another program can stand in for it. */
export interface CliContext extends WorkingPlace {
  readonly stdin: { readonly isTTY?: boolean } & Partial<AsyncIterable<unknown>>;
  /** For data. */
  readonly stdout: Output;
  /** For progress output and messages. */
  readonly stderr: Output;
  readonly signals: SignalSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends the process at once, whatever is still going on. */
  readonly exit: (code: number) => void;
  /** Runs another program in our place, on our terminal; resolves with its exit code. */
  readonly run: (words: readonly string[]) => Promise<number>;
  /** Loaded on first use, so that `--help` does not wait for it. */
  readonly engine: () => Promise<Engine>;
}

import type { Assembly } from "../adapters/assembly.ts";
import type { EventStore } from "../follow/event-store.ts";
import type { Recorder } from "../journal/recorder.ts";
import type { ActiveLease } from "../lease/active-lease.ts";
import type { HashedManifest } from "../manifest/hash-manifest.ts";
import type { Plan, Provider, Resource, Transport, UnitrainError } from "../spec/index.ts";
import type { Lock } from "../state/lock.ts";
import type { RunFolder } from "../state/run-folder.ts";
import type { LeasedMachine } from "./leased-machine.ts";
import type { MachineLink } from "./link-call.ts";
import type { RunSignals } from "./signals.ts";

/** The adapters of a run other than its provider and transport, and what it takes to call them. */
type RunAdapters = Pick<
  Assembly,
  "home" | "ports" | "guardian" | "framework" | "plugins" | "hooks" | "hookCall" | "sanitizer"
>;

/**
 * Everything about a run that this process drives. Each process creates one for each run. Only what decides the order of the steps
 * takes it whole; a step declares the parts that it needs.
 */
export interface ActiveRun extends RunAdapters, Recorder, RunSignals, LeasedMachine {
  readonly sanitizer: Assembly["sanitizer"];
  readonly plan: Plan;
  readonly provider: Provider;
  readonly transport: Transport;
  readonly folder: RunFolder;
  readonly events: EventStore;
  /** The lease of the newest attempt. */
  readonly lease: ActiveLease;
  /** Continues the run with another lease, whose lock this process has taken. */
  readonly useLease: (lease: ActiveLease, lock: Lock | undefined) => void;
  readonly link: MachineLink;
  /** Returns the manifest that `plan` hashed in this process. If another process planned the run, the data is checked again. */
  readonly getShipment: (signal: AbortSignal) => Promise<HashedManifest>;
  /** Whether another process started this run. */
  readonly resumed: boolean;
  readonly secrets: Readonly<Record<string, string>>;
  /** What stopped the run. */
  readonly stoppedBy: () => "user" | "limit";
  /** How long the job may take to end by itself after it is told to stop. */
  readonly graceMs: () => number;
  /** All errors that this process met. The first one is the run's error. */
  readonly failures: UnitrainError[];
  /** Resources that the provider has confirmed gone to this process, including confirmations that could not be recorded. */
  readonly proven: Resource[];
  /** Whether `gc` ends the run. Then it does not wait for anything that only a person can fix. */
  readonly isCollected: boolean;
  /** Cancels a download during the run, and waits a limited time until it has ended. */
  readonly endPulls: () => Promise<void>;
}

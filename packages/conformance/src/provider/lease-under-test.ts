import {
  type LeaseContext,
  type MachineState,
  type Quote,
  type Resource,
  UnitrainError,
} from "@unitrain/core/spec";
import type { SuiteClock } from "../suite/clock.ts";
import { type Attempt, attempt } from "../suite/demand.ts";
import type { ProviderSubject } from "./subject.ts";

/** One lease, with the ledger that core keeps of it. */
export interface LeaseUnderTest {
  readonly id: string;
  /** Returns the resources in the ledger. */
  ledger(): readonly Resource[];
  /** Returns a new context, as core creates one for each call. Its waits end after 20 minutes of the cloud's time. */
  context(options?: ContextOptions): LeaseContext;
  /** Writes the planned resources to the ledger and calls `lease`. Returns its error, if it fails. */
  rent(options?: RentOptions): Promise<Attempt<void>>;
  /** Polls the state of the machine until it runs, and returns the last state. */
  waitUntilRunning(): Promise<MachineState>;
  /** Asks once for the state of the machine, like core. */
  getState(): Promise<MachineState>;
}

interface ContextOptions {
  readonly signal?: AbortSignal;
  readonly stopSignal?: AbortSignal;
  /** Called with the number of each `record`, from 1, before it is written. It may reject, or never resolve. */
  readonly onRecord?: (count: number, resource: Resource) => void | Promise<void>;
}

export interface RentOptions extends ContextOptions {
  readonly quote?: Quote;
  /** Returns at once when this promise resolves, as if the process had been killed. */
  readonly death?: Promise<void>;
}

/** Writes the resources of a lease to disk, before any of them is requested. */
export type SaveLedger = (leaseId: string, resources: readonly Resource[]) => Promise<void>;

interface LeaseParts {
  readonly subject: ProviderSubject;
  readonly clock: SuiteClock;
  readonly openFolder: () => string;
  readonly shown: string[];
  readonly registeredSecrets: Set<string>;
  readonly runId: string;
  readonly saveLedger: SaveLedger;
  readonly machineNumber: number;
}

const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9uZSBrZXkgb2YgYSBydW4sIG1hZGUgZm9yIHRlc3Rz conformance";
const maxWaitMs = 20 * 60_000;
const pollMs = 2_000;

export function createLease({
  subject,
  clock,
  openFolder,
  shown,
  registeredSecrets,
  runId,
  saveLedger,
  machineNumber,
}: LeaseParts): LeaseUnderTest {
  const { provider, request = { diskBytes: 1e9 }, callLimitMs = 60_000 } = subject;
  const id = `c0nf0r-${runId}-${machineNumber}`;
  let ledger: readonly Resource[] = [];
  const write = async (resource: Resource) => {
    const stored: Resource = JSON.parse(JSON.stringify(resource));
    const recorded = { ...stored, recordedAt: new Date(clock.now()).toISOString() };
    const rest = ledger.filter((one) => !isSameResource(one, recorded));
    ledger = recorded.onRelease === "delete" ? [...rest, recorded] : rest;
    await saveLedger(id, ledger);
  };
  const context: LeaseUnderTest["context"] = ({ signal, stopSignal, onRecord } = {}) => {
    const deadline = new AbortController();
    const callSignal = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
    let waitedMs = 0;
    let records = 0;
    return {
      signal: callSignal,
      secret: (value) => void registeredSecrets.add(value),
      showStatus: (message) => void shown.push(message),
      progress: (message) => void shown.push(message),
      async wait(ms) {
        waitedMs += ms;
        if (waitedMs > maxWaitMs) {
          deadline.abort(new UnitrainError("TIMED_OUT", "The call has waited for more than 20 minutes."));
        }
        callSignal.throwIfAborted();
        await clock.wait(ms, callSignal);
      },
      runId,
      leaseId: id,
      get folder() {
        return openFolder();
      },
      publicKey,
      stopSignal: stopSignal ?? new AbortController().signal,
      async record(resource) {
        records += 1;
        await onRecord?.(records, resource);
        await write(resource);
      },
    };
  };
  const getState = async () => {
    const state = await provider.getMachineState(ledger, context());
    if (state.state !== "running") return state;
    const seenAt = new Date(clock.now()).toISOString();
    ledger = ledger.map((resource) => (resource.id === undefined ? resource : { ...resource, seenAt }));
    return state;
  };
  return {
    id,
    ledger: () => ledger,
    context,
    async rent({ quote, death, ...options } = {}) {
      const quoted = quote ?? (await provider.quote(request, context()));
      const stored: Quote = JSON.parse(JSON.stringify(quoted));
      for (const resource of provider.listPlannedResources(id, stored)) await write(resource);
      const leased = provider.lease(stored, context(options));
      return attempt("lease()", death === undefined ? leased : Promise.race([leased, death]), callLimitMs);
    },
    getState,
    async waitUntilRunning() {
      let state = await getState();
      for (let polls = 0; polls < 300 && state.state === "starting"; polls += 1) {
        await clock.wait(pollMs);
        state = await getState();
      }
      return state;
    },
  };
}

/** Whether two entries of a ledger are about the same resource: one may not know the id yet. */
export function isSameResource(a: Resource, b: Resource): boolean {
  if (a.kind !== b.kind || a.name !== b.name) return false;
  return a.id === undefined || b.id === undefined || a.id === b.id;
}

import { type AdapterSet, assemble } from "../adapters/assemble.ts";
import { loadAdapters, type PreloadedAdapters } from "../adapters/load-adapters.ts";
import type { RunsOptions } from "../api.ts";
import { type EventStore, silentEvents } from "../follow/event-store.ts";
import type { FoundSecrets } from "../secrets/find-secrets.ts";
import { createRunSecrets, type RunSecrets } from "../secrets/run-secrets.ts";
import { type Plan, type RunEventBody, UnitrainError } from "../spec/index.ts";
import { memoryLedger, type OpenLedger, openLedger } from "../state/ledger.ts";
import type { LockSet } from "../state/lock-set.ts";
import type { LedgerReading } from "../state/read-ledger.ts";
import { findCurrentLease } from "../state/run-leases.ts";
import type { FoundRun } from "../state/run-list.ts";
import { createUnreadableError } from "../state/unreadable.ts";
import type { Clock } from "../time/clock.ts";
import { settleWithin } from "../time/settle-within.ts";
import type { ControllerOptions } from "./controller.ts";
import { openRunFiles } from "./open-run-files.ts";

/** A run that was taken over from a process that died. */
export interface TakenRun extends ControllerOptions {
  /** Why the run cannot continue in this process, although its machine can be released. */
  readonly blockedBy?: UnitrainError;
}

/** Recreates, in this process, everything that drives a run of another process. The caller already holds the locks. */
export async function takeOver(
  options: RunsOptions,
  preloaded: PreloadedAdapters,
  takeOverOptions: TakeOverOptions,
): Promise<TakenRun> {
  const parts = await loadAdapters(takeOverOptions.plan, {
    preloaded,
    load: options.load,
    workingFolder: takeOverOptions.found.reading.state.workingFolder,
  });
  const assembled = assembleAgain(options, parts, takeOverOptions);
  const { assembly } = assembled;
  const ledgers = await openLedgers(takeOverOptions.found, assembly.ports.clock, ({ path }) =>
    openLedger(path, assembly.ports),
  );
  const events = await openRunFiles(assembly, takeOverOptions.plan, takeOverOptions.found.folder);
  return toTakenRun(takeOverOptions, parts, { ...assembled, ...ledgers, events });
}

/**
 * Takes over a run like `takeOver`, to release its machine. It succeeds even if an adapter other than the provider cannot be loaded
 * or a file of the run cannot be written.
 */
export async function takeOverToRelease(
  options: RunsOptions,
  preloaded: PreloadedAdapters,
  takeOverOptions: TakeOverOptions,
): Promise<TakenRun> {
  const faults: UnitrainError[] = [];
  const parts = await loadAdapters(takeOverOptions.plan, {
    preloaded,
    load: options.load,
    workingFolder: takeOverOptions.found.reading.state.workingFolder,
    onFailure: (error) => faults.push(error),
  });
  const assembled = assembleAgain(options, parts, takeOverOptions);
  const { assembly } = assembled;
  const { found } = takeOverOptions;
  const ledgers = await openLedgers(found, assembly.ports.clock, ({ path, reading }) =>
    openLedger(path, assembly.ports).catch((error) => {
      if (!UnitrainError.isInstance(error) || error.code !== "LEDGER_UNWRITABLE") throw error;
      faults.push(assembly.sanitizer.maskError(error));
      return memoryLedger(reading, assembly.ports.clock);
    }),
  );
  let events: EventStore | undefined;
  const opening = openRunFiles(assembly, takeOverOptions.plan, found.folder).then((opened) => {
    events = opened;
  });
  await settleWithin(assembly.ports.clock, openPatienceMs, opening);
  const [blockedBy] = faults;
  const takenRun = toTakenRun(takeOverOptions, parts, {
    ...assembled,
    ...ledgers,
    events: events ?? silentEvents,
  });
  return blockedBy === undefined ? takenRun : { ...takenRun, blockedBy };
}

/** Opens the ledgers of the run and its lease. In the first format they are the same file. */
async function openLedgers(
  found: FoundRun,
  clock: Clock,
  open: (ledger: { readonly path: string; readonly reading: LedgerReading }) => Promise<OpenLedger>,
): Promise<Pick<ControllerOptions, "ledger" | "lease">> {
  // Without a current lease, the last one is used: it was released before the next attempt, or another run has taken it.
  const current = findCurrentLease(found);
  const lease = current ?? found.leases.at(-1);
  if (lease === undefined) {
    const message = "It names no lease, so it is unknown what the run may have rented.";
    throw createUnreadableError({ kind: "damaged", file: found.folder.ledger, message });
  }
  const { id, folder, reading } = lease;
  const { run, lease: shared } = await open({ path: found.folder.ledger, reading: found.reading });
  const isShared = folder.ledger === found.folder.ledger;
  if (!isShared && current === undefined) {
    // This process does not hold the lease's lock, so it must not change the lease.
    const { lease: ledger } = memoryLedger(reading, clock);
    return { ledger: run, lease: { id, folder, ledger, isNew: false } };
  }
  const ledger = isShared ? shared : (await open({ path: folder.ledger, reading })).lease;
  return { ledger: run, lease: { id, folder, ledger, isNew: false } };
}

interface TakeOverOptions {
  readonly found: FoundRun;
  readonly plan: Plan;
  readonly lock: LockSet;
  readonly secrets: FoundSecrets;
  readonly signal: AbortSignal | undefined;
}

/** How long to wait until the events file is open. A hanging file must not delay the release of a machine. */
const openPatienceMs = 5_000;

interface Emitter {
  emit: (body: RunEventBody) => void;
}

function assembleAgain(options: RunsOptions, parts: AdapterSet, { secrets }: TakeOverOptions) {
  const emitter: Emitter = { emit: () => {} };
  const assembly = assemble(options, parts, {
    showStatus: (sanitizer, phase, message) =>
      emitter.emit({ type: "status", phase, message: sanitizer.maskMessage(message) }),
  });
  assembly.sanitizer.expect(secrets.names);
  return { assembly, emitter, runSecrets: createRunSecrets(assembly.sanitizer, secrets.sources) };
}

function toTakenRun(
  { found, plan, lock, signal }: TakeOverOptions,
  parts: AdapterSet & Pick<ControllerOptions, "provider" | "transport">,
  opened: Pick<ControllerOptions, "assembly" | "ledger" | "lease" | "events"> & {
    readonly emitter: Emitter;
    readonly runSecrets: RunSecrets;
  },
): TakenRun {
  const { assembly, ledger, lease, events, emitter, runSecrets } = opened;
  emitter.emit = (body) => void events.emit(body);
  emitter.emit({ type: "controller", state: "attached" });
  return {
    plan,
    lease,
    assembly,
    provider: parts.provider,
    transport: parts.transport,
    folder: found.folder,
    ledger,
    lock,
    events,
    shipment: undefined,
    resumed: true,
    secrets: runSecrets,
    signal,
  };
}

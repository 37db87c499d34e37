import { callAdapter } from "../../adapters/boundary.ts";
import { getResources } from "../../lease/resources.ts";
import {
  formatSeconds,
  type Machine,
  type MachineState,
  type NotReady,
  type Phase,
  type Session,
  UnitrainError,
} from "../../spec/index.ts";
import { type ActiveRun, createRunContext, emit } from "../active-run.ts";

const stateTimeoutMs = 30_000;
const connectTimeoutMs = 30_000;
/** From the first moment the provider says that the machine runs, unless the transport says otherwise. */
const readyPatienceMs = { rented: 120_000, borrowed: 20_000 } as const;
/** A machine that ran is over when the provider says so this often in a row. */
const looksUntilOver = 3;
const bootPatienceMs = 15 * 60_000;

export interface ConnectMachineOptions {
  /** Of a machine that was reached before; undefined for the first time. */
  readonly patienceMs: number | undefined;
  readonly signal: AbortSignal;
  readonly phase: Phase;
}

/** A machine that let us in. */
export interface ConnectedMachine {
  readonly session: Session;
  readonly machine: Machine;
}

/**
 * Waits until the machine is there and lets us in. Ends at once when the provider says that it is gone: waiting for a
 * dead machine costs time, and mistaking "cannot be asked" for "gone" costs the training.
 */
export async function connectMachine(
  run: ActiveRun,
  options: ConnectMachineOptions,
): Promise<ConnectedMachine> {
  const { clock } = run;
  const begin = clock.now();
  let runningSince: number | undefined;
  let machine: Machine | undefined = run.lease.ledger.state.machine;
  let nextPollAt = 0;
  let reason = "the provider has not said where it is";
  let unanswered: string | undefined;
  let lastReason = "";
  let ends = 0;
  let loginWaitMs = 250;
  while (true) {
    options.signal.throwIfAborted();
    if (clock.now() >= nextPollAt) {
      const state = await getMachineState(run, options, runningSince);
      unanswered = state.state === "unknown" ? state.detail : undefined;
      if (state.state === "running") {
        ends = 0;
        machine = state.machine;
        runningSince ??= clock.now();
      } else if (state.state === "starting") {
        machine = undefined;
        reason = state.detail;
      } else if (state.state === "unknown") reason = `${run.provider.name} cannot be asked: ${state.detail}`;
      else {
        ends += 1;
        // Of a machine that ran, one such answer may be a slip: whether it still lets us in is tried meanwhile.
        const isCertain = state.state === "gone" || run.lease.ledger.state.machine === undefined;
        if (isCertain || ends >= looksUntilOver) throw gone(run, state);
        reason = `${run.provider.name} says that the machine is ${state.state}`;
      }
      nextPollAt = clock.now() + (machine === undefined || ends > 0 ? 2_000 : 5_000);
    }
    let waitMs = 500;
    if (machine !== undefined) {
      const answer = await connect(run, machine, options);
      if (!("ready" in answer)) return { session: answer, machine };
      if (answer.final) throw notReady(run, answer.reason, false);
      reason = `${answer.step}: ${answer.reason}`;
      // Logins that fail in rows get a client banned; a closed port costs nothing to try.
      loginWaitMs = answer.step === "login" ? Math.min(1_000, loginWaitMs * 2) : 250;
      waitMs = loginWaitMs;
    }
    if (reason !== lastReason)
      await emit(run, { type: "status", phase: options.phase, message: `waiting: ${reason}` });
    lastReason = reason;
    const since = runningSince ?? begin;
    const firstPatienceMs = run.transport.readyTimeoutMs ?? readyPatienceMs[run.provider.ownership];
    const patienceMs = options.patienceMs ?? (runningSince === undefined ? bootPatienceMs : firstPatienceMs);
    if (clock.now() - since > patienceMs) {
      const waited = `waited ${formatSeconds(clock.now() - begin)}`;
      if (machine === undefined && unanswered !== undefined) throw unavailable(run, unanswered, waited);
      throw notReady(run, `${reason}; ${waited}`);
    }
    await clock.wait(waitMs, options.signal);
  }
}

/**
 * What the provider says of the machine; that it cannot be asked is an answer too. `runningSince`: when the provider said
 * for the first time that it runs.
 */
export async function getMachineState(
  run: ActiveRun,
  { phase, signal }: Pick<ConnectMachineOptions, "phase" | "signal">,
  runningSince?: number,
): Promise<MachineState> {
  const call = { phase, adapter: `${run.provider.name}.getMachineState`, timeoutMs: stateTimeoutMs, signal };
  try {
    return await callAdapter(run.assembly.boundary, call, (context) =>
      run.provider.getMachineState(getResources(run.lease, runningSince), {
        ...context,
        ...createRunContext(run),
      }),
    );
  } catch (error) {
    signal.throwIfAborted();
    return { state: "unknown", detail: error instanceof Error ? error.message : String(error) };
  }
}

async function connect(
  run: ActiveRun,
  machine: Machine,
  options: ConnectMachineOptions,
): Promise<Session | NotReady> {
  const call = {
    phase: options.phase,
    adapter: `${run.transport.name}.connect`,
    timeoutMs: run.transport.connectTimeoutMs ?? connectTimeoutMs,
    signal: options.signal,
  };
  try {
    return await callAdapter(run.assembly.boundary, call, (context) =>
      run.transport.connect(machine, { ...context, ...createRunContext(run) }),
    );
  } catch (error) {
    // A connection that broke while it was made is one more "not yet".
    if (UnitrainError.isInstance(error) && error.retryable && !options.signal.aborted) {
      return { ready: false, step: "connect", reason: error.message };
    }
    throw error;
  }
}

/** The machine is not there any more, as far as the provider says. */
export function gone(run: ActiveRun, state: MachineState): UnitrainError {
  const detail = "evidence" in state ? state.evidence : "detail" in state ? state.detail : "";
  return new UnitrainError(
    "MACHINE_GONE",
    `${run.provider.name} says that the machine is ${state.state}: ${detail}.`,
    {
      hint: "What was downloaded so far is kept. Start again on a new machine.",
      adapter: run.provider.name,
    },
  );
}

function notReady(run: ActiveRun, reason: string, retryable = true): UnitrainError {
  return new UnitrainError("NOT_READY", `The machine cannot be used (${reason}).`, {
    hint: "When it is a machine of yours, see whether you reach it by hand.",
    adapter: run.transport.name,
    retryable,
  });
}

function unavailable({ provider }: ActiveRun, detail: string, waited: string): UnitrainError {
  return new UnitrainError(
    "PROVIDER_UNAVAILABLE",
    `${provider.name} could not be asked about the machine: ${detail} (${waited}).`,
    {
      hint: "Try again later. Whatever was rented is released as soon as the provider answers.",
      adapter: provider.name,
      retryable: true,
    },
  );
}

import { callAdapter } from "../../adapters/boundary.ts";
import { emit, type Reporter } from "../../journal/reporter.ts";
import { getResources } from "../../lease/resources.ts";
import {
  formatSeconds,
  type Machine,
  type MachineState,
  type NotReady,
  type Phase,
  type Session,
  type Transport,
  UnitrainError,
} from "../../spec/index.ts";
import { createRunContext, type LeasedMachine } from "./leased-machine.ts";

const stateTimeoutMs = 30_000;
const connectTimeoutMs = 30_000;
/** How long to try to connect after the provider first reports the machine running, unless the transport sets its own limit. */
const readyPatienceMs = { rented: 120_000, borrowed: 20_000 } as const;
/** How many consecutive times the provider must report that a machine that ran is no longer running. */
const requiredEndReports = 3;
const bootPatienceMs = 15 * 60_000;

/** What it takes to connect to a run's machine. */
export type ConnectingRun = LeasedMachine & Reporter & { readonly transport: Transport };

export interface ConnectMachineOptions {
  /** How long to try to reconnect. Undefined for the first connection. */
  readonly patienceMs: number | undefined;
  readonly signal: AbortSignal;
  readonly phase: Phase;
}

/** A machine with an open session. */
export interface ConnectedMachine {
  readonly session: Session;
  readonly machine: Machine;
}

/**
 * Waits until the machine is running and accepts the login. Throws at once when the provider says that the machine is gone, but
 * not when the provider does not answer, because that says nothing about the machine.
 */
export async function connectMachine(
  run: ConnectingRun,
  options: ConnectMachineOptions,
): Promise<ConnectedMachine> {
  const { clock } = run;
  const begin = clock.now();
  let runningSince: number | undefined;
  let machine: Machine | undefined = run.lease.ledger.state.machine;
  let nextPollAt = 0;
  let reason = "the provider has not reported its address";
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
      } else if (state.state === "unknown") reason = `${run.provider.name} does not answer: ${state.detail}`;
      else {
        ends += 1;
        // A single such report about a machine that ran may be an error, so connecting is still tried meanwhile.
        const isCertain = state.state === "gone" || run.lease.ledger.state.machine === undefined;
        if (isCertain || ends >= requiredEndReports) throw createMachineGoneError(run, state);
        reason = `${run.provider.name} reports that the machine is ${state.state}`;
      }
      nextPollAt = clock.now() + (machine === undefined || ends > 0 ? 2_000 : 5_000);
    }
    let waitMs = 500;
    if (machine !== undefined) {
      const answer = await connect(run, machine, options);
      if (!("ready" in answer)) return { session: answer, machine };
      if (answer.final) throw createNotReadyError(run, answer.reason, false);
      reason = `${answer.step}: ${answer.reason}`;
      // Repeated failed logins get a client banned, so they are tried less often than a closed port.
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
      if (machine === undefined && unanswered !== undefined)
        throw createUnavailableError(run, unanswered, waited);
      throw createNotReadyError(run, `${reason}; ${waited}`);
    }
    await clock.wait(waitMs, options.signal);
  }
}

/**
 * Returns the machine's state as the provider reports it, or `unknown` if the provider does not answer. `runningSince` is the time
 * at which the provider first reported the machine running.
 */
export async function getMachineState(
  run: LeasedMachine,
  { phase, signal }: Pick<ConnectMachineOptions, "phase" | "signal">,
  runningSince?: number,
): Promise<MachineState> {
  const call = { phase, adapter: `${run.provider.name}.getMachineState`, timeoutMs: stateTimeoutMs, signal };
  try {
    return await callAdapter(run.boundary, call, (context) =>
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
  run: ConnectingRun,
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
    return await callAdapter(run.boundary, call, (context) =>
      run.transport.connect(machine, { ...context, ...createRunContext(run) }),
    );
  } catch (error) {
    // A connection that broke while it was opened means that the machine is not ready yet.
    if (UnitrainError.isInstance(error) && error.retryable && !options.signal.aborted) {
      return { ready: false, step: "connect", reason: error.message };
    }
    throw error;
  }
}

/** Creates the error for a machine that, according to the provider, no longer exists or runs. */
export function createMachineGoneError(
  run: Pick<LeasedMachine, "provider">,
  state: MachineState,
): UnitrainError {
  const detail = "evidence" in state ? state.evidence : "detail" in state ? state.detail : "";
  return new UnitrainError(
    "MACHINE_GONE",
    `${run.provider.name} reports that the machine is ${state.state}: ${detail}.`,
    {
      hint: "Start again on a new machine. Downloaded files are kept.",
      adapter: run.provider.name,
    },
  );
}

function createNotReadyError(
  run: Pick<ConnectingRun, "transport">,
  reason: string,
  retryable = true,
): UnitrainError {
  return new UnitrainError("NOT_READY", `The machine cannot be used (${reason}).`, {
    hint: "If the machine is your own, check whether you can connect to it by hand.",
    adapter: run.transport.name,
    retryable,
  });
}

function createUnavailableError(
  { provider }: Pick<LeasedMachine, "provider">,
  detail: string,
  waited: string,
): UnitrainError {
  return new UnitrainError(
    "PROVIDER_UNAVAILABLE",
    `Cannot get the state of the machine from ${provider.name}: ${detail} (${waited}).`,
    {
      hint: "Try again later. Rented resources are released as soon as the provider answers.",
      adapter: provider.name,
      retryable: true,
    },
  );
}

import type { HookCaller } from "../../adapters/assembly.ts";
import type { Recorder } from "../../journal/recorder.ts";
import { emit } from "../../journal/reporter.ts";
import {
  type Command,
  formatSeconds,
  type Machine,
  type MachineFacts,
  type MachineState,
  type NotReady,
  UnitrainError,
} from "../../spec/index.ts";
import { createMachineGoneError, getMachineState } from "../link/connect-machine.ts";
import type { LeasedMachine } from "../link/leased-machine.ts";
import type { MachineLink } from "../link/link.ts";
import { type PhaseReporter, runPhase } from "../phases.ts";
import type { RunSignals } from "../signals.ts";

/** What it takes to connect for the first time, and to wait until the machine is ready. */
export type FirstConnectingRun = PhaseReporter &
  LeasedMachine &
  HookCaller &
  Pick<Recorder, "ledger"> &
  Pick<RunSignals, "stopSignal"> & { readonly link: Pick<MachineLink, "open" | "use"> };

const factsTimeoutMs = 60_000;
const checkTimeoutMs = 60_000;
const checkPatienceMs = 180_000;

/** Connects to the machine and waits until every plugin's ready check has passed. */
export async function connect(run: FirstConnectingRun): Promise<MachineFacts> {
  const recordedFacts = run.ledger.state.facts;
  if (recordedFacts !== undefined) return recordedFacts;
  return runPhase(run, "connect", async () => {
    const machine = await run.link.open(run.stopSignal);
    const facts = await run.link.use(
      { phase: "connect", method: "facts", timeoutMs: factsTimeoutMs },
      (session, context) => session.facts(context),
    );
    await emit(run, { type: "machine", facts });
    await waitForChecks(run, facts, machine);
    await noteConnected(run, { machine, facts });
    return facts;
  });
}

/** Records the connection, in the lease's ledger first, because every process that asks the provider about the machine needs it. */
async function noteConnected(
  { ledger, lease }: Pick<FirstConnectingRun, "ledger" | "lease">,
  connected: { readonly machine: Machine; readonly facts: MachineFacts },
): Promise<void> {
  await lease.ledger.append({ type: "connected", ...connected });
  // In the first format the run and its lease share one ledger.
  if (ledger.state.facts === undefined) await ledger.append({ type: "connected", ...connected });
}

/** Waits until all ready checks pass. Each check only looks once; polling and the time limit are handled here. */
async function waitForChecks(run: FirstConnectingRun, facts: MachineFacts, machine: Machine): Promise<void> {
  const begin = run.clock.now();
  const call = { phase: "connect" as const, method: "run", timeoutMs: checkTimeoutMs };
  const runThere = (command: Command) =>
    run.link.use(call, (session, context) => session.run(command, context));
  while (true) {
    const input = { machine, facts, run: runThere };
    const answers = await run.hooks.callAll("readyCheck", input, run.hookCall("connect", run.stopSignal));
    const waiting = answers.find((answer): answer is NotReady => !answer.ready);
    if (waiting === undefined) return;
    const waitedMs = run.clock.now() - begin;
    const reason = `${waiting.step}: ${waiting.reason}`;
    if (waiting.final || waitedMs > checkPatienceMs) {
      throw new UnitrainError(
        "NOT_READY",
        `The machine is not ready (${reason}; waited ${formatSeconds(waitedMs)}).`,
        {
          phase: "connect",
          hint: "Fix what the check reports, or start again on another machine.",
        },
      );
    }
    const state = await getMachineState(run, { phase: "connect", signal: run.stopSignal }, begin);
    if (isNotRunning(state)) throw createMachineGoneError(run, state);
    await emit(run, { type: "status", phase: "connect", message: `waiting: ${reason}` });
    await run.clock.wait(1_000, run.stopSignal);
  }
}

/** Whether the provider is certain that the machine does not run. The states `starting` and `unknown` may still change. */
function isNotRunning({ state }: MachineState): boolean {
  return state !== "running" && state !== "starting" && state !== "unknown";
}

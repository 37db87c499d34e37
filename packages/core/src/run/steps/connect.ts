import {
  type Command,
  formatSeconds,
  type Machine,
  type MachineFacts,
  type MachineState,
  type NotReady,
  UnitrainError,
} from "../../spec/index.ts";
import { type ActiveRun, emit, runPhase } from "../active-run.ts";
import { getMachineState, gone } from "./connect-machine.ts";

const factsTimeoutMs = 60_000;
const checkTimeoutMs = 60_000;
const checkPatienceMs = 180_000;

/** Until the machine lets us in and everybody who checks it says that it is ready. */
export async function connect(run: ActiveRun): Promise<MachineFacts> {
  const recordedFacts = run.ledger.state.facts;
  if (recordedFacts !== undefined) return recordedFacts;
  return runPhase(run, "connect", async () => {
    const machine = await run.link.open(run.stopSignal);
    const facts = await run.link.use(
      { phase: "connect", method: "facts", timeoutMs: factsTimeoutMs },
      (session, context) => session.facts(context),
    );
    await emit(run, { type: "machine", facts });
    await checksPass(run, facts, machine);
    await noteConnected(run, { machine, facts });
    return facts;
  });
}

/** The lease first: that its machine was seen counts for every process that asks the provider about it. */
async function noteConnected(
  { ledger, lease }: ActiveRun,
  connected: { readonly machine: Machine; readonly facts: MachineFacts },
): Promise<void> {
  await lease.ledger.append({ type: "connected", ...connected });
  // In the first format both have one ledger.
  if (ledger.state.facts === undefined) await ledger.append({ type: "connected", ...connected });
}

/** Each check is a single look; polling, deadline and patience are here. */
async function checksPass(run: ActiveRun, facts: MachineFacts, machine: Machine): Promise<void> {
  const begin = run.clock.now();
  const call = { phase: "connect" as const, method: "run", timeoutMs: checkTimeoutMs };
  const runThere = (command: Command) =>
    run.link.use(call, (session, context) => session.run(command, context));
  while (true) {
    const input = { machine, facts, run: runThere };
    const answers = await run.assembly.hooks.callAll(
      "readyCheck",
      input,
      run.assembly.hookCall("connect", run.stopSignal),
    );
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
          hint: "The check says what is missing. Start again, perhaps on another machine.",
        },
      );
    }
    const state = await getMachineState(run, { phase: "connect", signal: run.stopSignal }, begin);
    if (isOver(state)) throw gone(run, state);
    await emit(run, { type: "status", phase: "connect", message: `waiting: ${reason}` });
    await run.clock.wait(1_000, run.stopSignal);
  }
}

/** Only what the provider says for certain: "starting" and "unknown" are waited out. */
function isOver({ state }: MachineState): boolean {
  return state !== "running" && state !== "starting" && state !== "unknown";
}

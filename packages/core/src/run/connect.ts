import {
  type Command,
  type Machine,
  type MachineFacts,
  type MachineState,
  type NotReady,
  UnitrainError,
} from "../spec/index.ts";
import { seconds } from "../time/deadline.ts";
import { gone, look } from "./reach-machine.ts";
import { emit, inPhase, type RunScope } from "./scope.ts";

const factsTimeoutMs = 60_000;
const checkTimeoutMs = 60_000;
const checkPatienceMs = 180_000;

/** Until the machine lets us in and everybody who checks it says that it is ready. */
export async function connect(run: RunScope): Promise<MachineFacts> {
  const known = run.ledger.state.facts;
  if (known !== undefined) return known;
  return inPhase(run, "connect", async () => {
    const machine = await run.link.open(run.unwanted);
    const facts = await run.link.use(
      { phase: "connect", method: "facts", timeoutMs: factsTimeoutMs },
      (session, context) => session.facts(context),
    );
    await emit(run, { type: "machine", facts });
    await checksPass(run, facts, machine);
    await run.ledger.append({ type: "connected", machine, facts });
    return facts;
  });
}

/** Each check is a single look; polling, deadline and patience are here. */
async function checksPass(run: RunScope, facts: MachineFacts, machine: Machine): Promise<void> {
  const begin = run.clock.now();
  const call = { phase: "connect" as const, method: "run", timeoutMs: checkTimeoutMs };
  const runThere = (command: Command) =>
    run.link.use(call, (session, context) => session.run(command, context));
  while (true) {
    const input = { machine, facts, run: runThere };
    const answers = await run.assembly.hooks.all(
      "readyCheck",
      input,
      run.assembly.hookCall("connect", run.unwanted),
    );
    const waiting = answers.find((answer): answer is NotReady => !answer.ready);
    if (waiting === undefined) return;
    const waitedMs = run.clock.now() - begin;
    const why = `${waiting.step}: ${waiting.reason}`;
    if (waiting.final || waitedMs > checkPatienceMs) {
      throw new UnitrainError(
        "NOT_READY",
        `The machine is not ready (${why}; waited ${seconds(waitedMs)}).`,
        {
          phase: "connect",
          hint: "The check says what is missing. Start again, perhaps on another machine.",
        },
      );
    }
    const state = await look(run, { phase: "connect", signal: run.unwanted }, begin);
    if (isOver(state)) throw gone(run, state);
    await emit(run, { type: "status", phase: "connect", message: `waiting: ${why}` });
    await run.clock.wait(1_000, run.unwanted);
  }
}

/** Only what the provider says for certain: "starting" and "unknown" are waited out. */
function isOver({ state }: MachineState): boolean {
  return state !== "running" && state !== "starting" && state !== "unknown";
}

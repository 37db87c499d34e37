import type { Run } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { SignalName, SignalSource } from "../context/cli-context.ts";
import {
  chooseAction,
  findNextState,
  type InterruptAction,
  type InterruptState,
  type Situation,
} from "./table.ts";

/** Listens to the signals of this process, and reacts to each according to the table. */
export interface Interrupts {
  /** Aborts planning when the user gives up. */
  readonly signal: AbortSignal;
  /** Returns the first action that was carried out, or undefined if there was no interrupt. */
  readonly first: () => InterruptAction | undefined;
  /** Returns what the next Ctrl-C would do. */
  readonly next: () => InterruptAction;
  /** Directs all further signals to this run. `situation` is read at each signal, because it changes. */
  holds(run: Run, situation: RunSituation): void;
  /** Records that the user has already asked to stop, by a command. */
  stops(): void;
  /** Cancels an open question, and resolves when it is off the screen. */
  settle(): Promise<void>;
  /** Resolves when this process should stop watching a run that continues. */
  readonly watchingEnded: Promise<void>;
  /** Stops listening. */
  close(): void;
}

/** What the reaction to a signal depends on. */
export interface RunSituation {
  /** Its training has begun, or is over already. */
  readonly hasJobBegun: boolean;
  /** Its machine is rented, so it costs money. */
  readonly rented: boolean;
  /** A guardian would continue it, or its limit is armed. */
  readonly guarded: boolean;
}

/** What a person can choose while a rented machine trains. */
export type Choice = "detach" | "stop" | "discard" | "go on";

/** How the caller shows and carries out reactions to signals. */
export interface InterruptReactions {
  /** Shows what is done, before it is done. `last` is true if the next signal ends the process. */
  readonly answering: (answer: InterruptAction, run: Run | undefined, last: boolean) => void;
  /** Asks what to do. `settled` aborts when the question is no longer needed. The result is undefined after another Ctrl-C. Absent if nobody can be asked. */
  readonly ask?: (run: Run, settled: AbortSignal) => Promise<Choice | undefined>;
  /** Reports that an action failed. */
  readonly failed: (error: unknown) => void;
  /** Ends the process at once. `rented` is true if something may still cost money. */
  readonly exit: (rented: boolean) => void;
}

/** Listens to signals until it is closed. */
export function listenForInterrupts(source: SignalSource, reactions: InterruptReactions): Interrupts {
  const planning = new AbortController();
  const watchingEnded = Promise.withResolvers<void>();
  let run: Run | undefined;
  let situation: RunSituation = { hasJobBegun: false, rented: false, guarded: false };
  let first: InterruptAction | undefined;
  let answered: InterruptState | undefined;
  let question = new AbortController();
  let openQuestion = Promise.resolve();
  /** Whether the window was closed, so that nobody can be asked any more. */
  let isWindowClosed = false;

  const currentSituation = (): Situation => ({
    ownership: situation.rented ? "rented" : "borrowed",
    guarded: situation.guarded,
    terminal: reactions.ask !== undefined,
  });
  const ask = async () => {
    if (run === undefined) return;
    question = new AbortController();
    const { signal } = question;
    const choice = await reactions.ask?.(run, signal).catch(() => "go on" as const);
    if (signal.aborted) return;
    if (choice === undefined) return hear("SIGINT");
    answered = undefined;
    if (choice !== "go on") answer(choice, getInterruptState(run, situation));
  };
  const detach = () => {
    const refused = (error: unknown) => {
      reactions.failed(error);
      if (!situation.rented) return;
      // A run that costs money is not left if no guardian continues it.
      first = undefined;
      answered = undefined;
      if (reactions.ask === undefined || isWindowClosed) answer("stop", "training");
    };
    run?.detach().then(watchingEnded.resolve, refused);
  };
  const carryOut = (action: InterruptAction) => {
    if (action === "give up") planning.abort(new UnitrainError("CANCELLED", "Nothing was started."));
    if (action === "ask") openQuestion = ask();
    if (action === "stop") run?.stop().catch(reactions.failed);
    if (action === "stop at once") run?.stop({ graceMs: 0 }).catch(reactions.failed);
    if (action === "discard") run?.stop({ discard: true }).catch(reactions.failed);
    if (action === "detach") detach();
    if (action === "leave") watchingEnded.resolve();
    if (action === "exit") reactions.exit(situation.rented);
  };
  const answer = (action: InterruptAction, before: InterruptState) => {
    if (action === "go on") return;
    question.abort();
    if (action !== "ask") first ??= action;
    answered = findNextState(action, before);
    reactions.answering(action, run, answered === "leaving");
    carryOut(action);
  };
  const hear = (name: SignalName) => {
    if (name === "SIGHUP") isWindowClosed = true;
    const state = answered ?? getInterruptState(run, situation);
    answer(chooseAction(state, name, currentSituation()), state);
  };
  const listeners = signalNames.map((name) => ({ name, listener: () => hear(name) }));
  for (const { name, listener } of listeners) source.on(name, listener);

  return {
    signal: planning.signal,
    first: () => first,
    next: () => chooseAction(answered ?? getInterruptState(run, situation), "SIGINT", currentSituation()),
    holds: (held, current) => {
      run = held;
      situation = current;
      // The user gave up at the moment in which the run started, so it has to be stopped.
      if (answered === "leaving" && first === "give up") {
        answered = "stopping";
        carryOut("stop");
      }
    },
    stops: () => {
      answered = "stopping";
    },
    settle: async () => {
      question.abort();
      await openQuestion;
    },
    watchingEnded: watchingEnded.promise,
    close: () => {
      question.abort();
      for (const { name, listener } of listeners) source.off(name, listener);
    },
  };
}

const signalNames: readonly SignalName[] = ["SIGINT", "SIGTERM", "SIGHUP"];

function getInterruptState(run: Run | undefined, situation: RunSituation): InterruptState {
  if (run === undefined) return "planning";
  if (run.role === "follower") return "watching";
  if (run.isJobRunning) return "training";
  return situation.hasJobBegun ? "finishing" : "preparing";
}

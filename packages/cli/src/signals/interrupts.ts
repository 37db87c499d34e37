import type { Run } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { SignalName, SignalSource } from "../context/cli-context.ts";
import {
  chooseAction,
  type InterruptAction,
  type InterruptState,
  type Situation,
  stateAfter,
} from "./table.ts";

/** Hears the signals of this process, and answers each by the table. */
export interface Interrupts {
  /** Ends when what is being planned is no longer wanted. */
  readonly signal: AbortSignal;
  /** The first answer that was carried out; undefined while nobody has interrupted. */
  readonly first: () => InterruptAction | undefined;
  /** What the next Ctrl-C would do. */
  readonly next: () => InterruptAction;
  /** From now on signals are about this run; `seen` is what is known of it, as it changes. */
  holds(run: Run, situation: RunSituation): void;
  /** The user has asked for the end already, by a command. */
  stops(): void;
  /** Takes back a question that is open; resolves when it is off the screen. */
  settle(): Promise<void>;
  /** Resolves when the process should stop looking at a run that goes on. */
  readonly watchingEnded: Promise<void>;
  /** Hears no more. */
  close(): void;
}

/** What is seen of a run, as far as signals go. */
export interface RunSituation {
  /** Its training has begun, or is over already. */
  readonly hasJobBegun: boolean;
  /** What it costs is for this process to answer for. */
  readonly rented: boolean;
  /** A guardian goes on with it, or its limit is armed. */
  readonly guarded: boolean;
}

/** What a person may choose when a rented machine trains. */
export type Choice = "detach" | "stop" | "discard" | "go on";

export interface InterruptReactions {
  /** Says what is being done, before it is done; `last`: the next signal ends the process. */
  readonly answering: (answer: InterruptAction, run: Run | undefined, last: boolean) => void;
  /** Asks what to do; aborted when that is settled otherwise. Undefined: interrupted once more. Left out where nobody can be asked. */
  readonly ask?: (run: Run, settled: AbortSignal) => Promise<Choice | undefined>;
  /** An answer could not be carried out. */
  readonly failed: (error: unknown) => void;
  /** Ends the process at once; `rented`: something may be paid still. */
  readonly exit: (rented: boolean) => void;
}

/** Listens until closed. */
export function listenForInterrupts(source: SignalSource, reactions: InterruptReactions): Interrupts {
  const planning = new AbortController();
  const watchingEnded = Promise.withResolvers<void>();
  let run: Run | undefined;
  let situation: RunSituation = { hasJobBegun: false, rented: false, guarded: false };
  let first: InterruptAction | undefined;
  let answered: InterruptState | undefined;
  let question = new AbortController();
  let openQuestion = Promise.resolve();
  /** The window was closed: nobody can be asked any more. */
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
    if (choice !== "go on") answer(choice, stateOf(run, situation));
  };
  const detach = () => {
    const refused = (error: unknown) => {
      reactions.failed(error);
      if (!situation.rented) return;
      // Nobody goes on with what costs: it is not left alone.
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
    answered = stateAfter(action, before);
    reactions.answering(action, run, answered === "leaving");
    carryOut(action);
  };
  const hear = (name: SignalName) => {
    if (name === "SIGHUP") isWindowClosed = true;
    const state = answered ?? stateOf(run, situation);
    answer(chooseAction(state, name, currentSituation()), state);
  };
  const listeners = signalNames.map((name) => ({ name, listener: () => hear(name) }));
  for (const { name, listener } of listeners) source.on(name, listener);

  return {
    signal: planning.signal,
    first: () => first,
    next: () => chooseAction(answered ?? stateOf(run, situation), "SIGINT", currentSituation()),
    holds: (held, current) => {
      run = held;
      situation = current;
      // It was given up in the very moment in which it began: it is ended in order.
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

function stateOf(run: Run | undefined, situation: RunSituation): InterruptState {
  if (run === undefined) return "planning";
  if (run.role === "follower") return "watching";
  if (run.isJobRunning) return "training";
  return situation.hasJobBegun ? "finishing" : "preparing";
}

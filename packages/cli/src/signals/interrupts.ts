import type { Run } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { SignalName, SignalSource } from "../surroundings.ts";
import { type Answer, type Standing, signalTable, standingAfter } from "./table.ts";

/** Hears the signals of this process, and answers each by the table. */
export interface Interrupts {
  /** Ends when what is being planned is no longer wanted. */
  readonly signal: AbortSignal;
  /** The first answer that was given; undefined while nobody has interrupted. */
  readonly first: () => Answer | undefined;
  /** From now on signals are about this run; `begun` tells whether its training has begun, or is over already. */
  holds(run: Run, begun: () => boolean): void;
  /** The user has asked for the end already, by a command. */
  stops(): void;
  /** Resolves when the process should stop looking at a run that goes on. */
  readonly left: Promise<void>;
  /** Hears no more. */
  close(): void;
}

export interface InterruptReactions {
  /** Says what is being done, before it is done. */
  readonly answering: (answer: Answer, run: Run | undefined) => void;
  /** An answer could not be carried out. */
  readonly failed: (error: unknown) => void;
  /** Ends the process at once. */
  readonly exit: () => void;
}

/** Listens until closed. */
export function listenForInterrupts(source: SignalSource, reactions: InterruptReactions): Interrupts {
  const planning = new AbortController();
  const left = Promise.withResolvers<void>();
  let run: Run | undefined;
  let hasBegun = () => false;
  let first: Answer | undefined;
  let answered: Standing | undefined;

  const carryOut = (answer: Answer) => {
    if (answer === "give up") planning.abort(new UnitrainError("CANCELLED", "Nothing was started."));
    if (answer === "stop") run?.stop().catch(reactions.failed);
    if (answer === "stop at once") run?.stop({ graceMs: 0 }).catch(reactions.failed);
    if (answer === "detach") run?.detach().then(left.resolve, reactions.failed);
    if (answer === "leave") left.resolve();
    if (answer === "exit") reactions.exit();
  };
  const hear = (name: SignalName) => {
    const answer = signalTable[answered ?? standingOf(run, hasBegun)][name];
    if (answer === "go on") return;
    first ??= answer;
    answered = standingAfter(answer);
    reactions.answering(answer, run);
    carryOut(answer);
  };
  const listeners = signalNames.map((name) => ({ name, listener: () => hear(name) }));
  for (const { name, listener } of listeners) source.on(name, listener);

  return {
    signal: planning.signal,
    first: () => first,
    holds: (held, begun) => {
      run = held;
      hasBegun = begun;
      // It was given up in the very moment in which it began: it is ended in order.
      if (answered === "leaving" && first === "give up") {
        answered = "stopping";
        carryOut("stop");
      }
    },
    stops: () => {
      answered = "stopping";
    },
    left: left.promise,
    close: () => {
      for (const { name, listener } of listeners) source.off(name, listener);
    },
  };
}

const signalNames: readonly SignalName[] = ["SIGINT", "SIGTERM", "SIGHUP"];

function standingOf(run: Run | undefined, hasBegun: () => boolean): Standing {
  if (run === undefined) return "planning";
  if (run.role === "follower") return "watching";
  return run.jobRuns || hasBegun() ? "training" : "preparing";
}

import type { SignalName } from "../context/cli-context.ts";

/** Where this process stands when a signal comes. */
export type InterruptState =
  /** Nothing was started yet. */
  | "planning"
  /** We control a run whose job does not run yet. */
  | "preparing"
  /** We control a run whose job runs, and would outlive us. */
  | "training"
  /** The job is over: the model is downloaded, a rented machine is released. */
  | "finishing"
  /** What to do with a rented machine was asked, and not answered yet. */
  | "asking"
  /** Another process controls the run, or it is over; we only look. */
  | "watching"
  /** The user asked for the end; the training is given time to end well. */
  | "stopping"
  /** An earlier signal was answered, and nothing quicker is left but to go. */
  | "leaving";

export type InterruptAction =
  /** Drop what was being planned. */
  | "give up"
  /** End what was begun, download what there is, clean up or release. */
  | "stop"
  /** The same without waiting for the training to end well. */
  | "stop at once"
  /** Release the rented machine now; what is not downloaded is lost. */
  | "discard"
  /** Leave the job, or what is not downloaded of it, to whoever attaches later or to the guardian, and say how to come back. */
  | "detach"
  /** Ask which of these it shall be; the training goes on meanwhile. */
  | "ask"
  /** Stop looking; the run is not ours. */
  | "leave"
  /** End the process now. What is rented is released by the guardian. */
  | "exit"
  /** Go on with the answer to the signal before. */
  | "go on";

/** An answer that hangs on what there is: a person at a terminal, a guardian that goes on. */
type Entry = InterruptAction | "ask, else stop" | "detach, else stop";

type Table = Readonly<Record<InterruptState, Readonly<Record<SignalName, Entry>>>>;

/**
 * Ctrl-C (SIGINT), SIGTERM and SIGHUP (the window was closed): one table, here and in the documentation.
 * On a borrowed machine a terminal makes no difference: nothing is paid, so nothing is asked.
 */
export const signalTables: Readonly<Record<"borrowed" | "rented", Table>> = {
  borrowed: {
    planning: { SIGINT: "give up", SIGTERM: "give up", SIGHUP: "give up" },
    preparing: { SIGINT: "stop", SIGTERM: "stop", SIGHUP: "detach" },
    training: { SIGINT: "detach", SIGTERM: "detach", SIGHUP: "detach" },
    finishing: { SIGINT: "detach", SIGTERM: "detach", SIGHUP: "detach" },
    asking: { SIGINT: "detach", SIGTERM: "detach", SIGHUP: "detach" },
    watching: { SIGINT: "leave", SIGTERM: "leave", SIGHUP: "leave" },
    stopping: { SIGINT: "stop at once", SIGTERM: "stop at once", SIGHUP: "go on" },
    leaving: { SIGINT: "exit", SIGTERM: "exit", SIGHUP: "go on" },
  },
  rented: {
    planning: { SIGINT: "give up", SIGTERM: "give up", SIGHUP: "give up" },
    preparing: { SIGINT: "stop", SIGTERM: "stop", SIGHUP: "detach, else stop" },
    training: { SIGINT: "ask, else stop", SIGTERM: "stop", SIGHUP: "detach, else stop" },
    finishing: { SIGINT: "stop", SIGTERM: "stop", SIGHUP: "detach, else stop" },
    asking: { SIGINT: "stop", SIGTERM: "stop", SIGHUP: "detach, else stop" },
    watching: { SIGINT: "leave", SIGTERM: "leave", SIGHUP: "leave" },
    stopping: { SIGINT: "stop at once", SIGTERM: "stop at once", SIGHUP: "go on" },
    leaving: { SIGINT: "exit", SIGTERM: "exit", SIGHUP: "go on" },
  },
};

export interface Situation {
  readonly ownership: "borrowed" | "rented";
  /** A guardian goes on with the run, or its limit is armed. */
  readonly guarded: boolean;
  /** Somebody can be asked. */
  readonly terminal: boolean;
}

export function chooseAction(
  state: InterruptState,
  signal: SignalName,
  situation: Situation,
): InterruptAction {
  const entry = signalTables[situation.ownership][state][signal];
  if (entry === "ask, else stop") return situation.terminal ? "ask" : "stop";
  if (entry === "detach, else stop") return situation.guarded ? "detach" : "stop";
  return entry;
}

/** Where the process stands once it has begun to answer; undefined when nothing changes. The third signal always ends it. */
export function stateAfter(answer: InterruptAction, before: InterruptState): InterruptState | undefined {
  if (answer === "go on") return undefined;
  if (answer === "ask") return "asking";
  // A download has no quicker end that keeps the model: the next signal leaves it to the guardian.
  return answer === "stop" && before !== "asking" && before !== "finishing" ? "stopping" : "leaving";
}

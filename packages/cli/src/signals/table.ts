import type { SignalName } from "../context/cli-context.ts";

/** The state of this process when a signal arrives. */
export type InterruptState =
  /** Nothing has been started yet. */
  | "planning"
  /** This process controls a run whose job does not run yet. */
  | "preparing"
  /** This process controls a run whose job runs and would outlive it. */
  | "training"
  /** The job is over: its model is being downloaded and a rented machine released. */
  | "finishing"
  /** The question what to do with a rented machine is open. */
  | "asking"
  /** Another process controls the run, or it is over. This process only watches. */
  | "watching"
  /** The user asked to stop, and the training gets time to end properly. */
  | "stopping"
  /** The only reaction that would be quicker than the current one is to exit. */
  | "leaving";

/** The reaction to a signal. */
export type InterruptAction =
  /** Abort planning. */
  | "give up"
  /** Stop the training, download its files, and clean up or release the machine. */
  | "stop"
  /** The same without waiting for the training to end properly. */
  | "stop at once"
  /** Release the rented machine now. What is not downloaded is lost. */
  | "discard"
  /** Leave the job, or the files that are not downloaded, to a later process or to the guardian, and say how to attach again. */
  | "detach"
  /** Ask the user what to do. The training continues meanwhile. */
  | "ask"
  /** Stop watching a run that another process controls. */
  | "leave"
  /** End the process now. The guardian releases what is rented. */
  | "exit"
  /** Continue with the reaction to the previous signal. */
  | "go on";

/** An action, or two that depend on whether there is a terminal or a guardian. */
type Entry = InterruptAction | "ask, else stop" | "detach, else stop";

type Table = Readonly<Record<InterruptState, Readonly<Record<SignalName, Entry>>>>;

/**
 * The reactions to Ctrl-C (SIGINT), SIGTERM and SIGHUP (the window was closed). The documentation has the same table.
 * On a borrowed machine nothing costs money, so nothing is asked even if there is a terminal.
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

/** What an entry of the table depends on. */
export interface Situation {
  readonly ownership: "borrowed" | "rented";
  /** A guardian would continue the run, or its limit is armed. */
  readonly guarded: boolean;
  /** Somebody can be asked. */
  readonly terminal: boolean;
}

/** Looks up the reaction to a signal. */
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

/** Returns the state of the process after an action, or undefined if it does not change. The third signal always ends the process. */
export function findNextState(answer: InterruptAction, before: InterruptState): InterruptState | undefined {
  if (answer === "go on") return undefined;
  if (answer === "ask") return "asking";
  // A download cannot be ended more quickly without losing the model, so the next signal leaves it to the guardian.
  return answer === "stop" && before !== "asking" && before !== "finishing" ? "stopping" : "leaving";
}

import type { SignalName } from "../surroundings.ts";

/** Where this process stands when a signal comes. */
export type Standing =
  /** Nothing was started yet. */
  | "planning"
  /** We control a run whose job does not run yet. */
  | "preparing"
  /** We control a run whose job runs, or has run: it, and what it left, would outlive us. */
  | "training"
  /** Another process controls the run, or it is over; we only look. */
  | "watching"
  /** The user asked for the end; the training is given time to end well. */
  | "stopping"
  /** An earlier signal was answered, and nothing quicker is left but to go. */
  | "leaving";

export type Answer =
  /** Drop what was being planned. */
  | "give up"
  /** End what was begun, bring home what there is, tidy. */
  | "stop"
  /** The same without waiting for the training to end well. */
  | "stop at once"
  /** Leave the job to itself, as soon as it runs, and say how to come back. */
  | "detach"
  /** Stop looking; the run is not ours. */
  | "leave"
  /** End the process now. */
  | "exit"
  /** Go on with the answer to the signal before. */
  | "go on";

/**
 * Ctrl-C (SIGINT), SIGTERM and SIGHUP (the window was closed) for a borrowed machine: one table, here and in the documentation.
 * A terminal makes no difference to what is done: nothing is paid, so nothing is asked.
 */
export const signalTable: Readonly<Record<Standing, Readonly<Record<SignalName, Answer>>>> = {
  planning: { SIGINT: "give up", SIGTERM: "give up", SIGHUP: "give up" },
  preparing: { SIGINT: "stop", SIGTERM: "stop", SIGHUP: "detach" },
  training: { SIGINT: "detach", SIGTERM: "detach", SIGHUP: "detach" },
  watching: { SIGINT: "leave", SIGTERM: "leave", SIGHUP: "leave" },
  stopping: { SIGINT: "stop at once", SIGTERM: "stop at once", SIGHUP: "go on" },
  leaving: { SIGINT: "exit", SIGTERM: "exit", SIGHUP: "go on" },
};

/** Where the process stands once it has begun to answer; undefined when nothing changes. */
export function standingAfter(answer: Answer): Standing | undefined {
  if (answer === "go on") return undefined;
  return answer === "stop" ? "stopping" : "leaving";
}

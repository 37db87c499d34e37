import type { PhaseTime, RunEvent } from "../spec/index.ts";

/** Measures the phases of a run by its events, even if several processes drove the run. */
export interface PhaseTimes {
  add(event: RunEvent): void;
  /** Returns the phases in the order in which they ended. A phase whose process died ends with the last event of that process. */
  list(): PhaseTime[];
}

/** Creates the measurement for a run that started at `start`, in milliseconds since 1970. */
export function createPhaseTimes(start: number): PhaseTimes {
  const phases: PhaseTime[] = [];
  // A phase that another process continued began in the first process, because all of its time was paid for.
  const began = new Map<
    string,
    { readonly at: number; readonly duringTraining: boolean; lastHeardAt?: number }
  >();
  let lastEventAt = start;
  const add = (phase: string, since: number, until: number) => {
    phases.push({
      phase,
      startedSeconds: roundToMilliseconds((since - start) / 1000),
      seconds: roundToMilliseconds((until - since) / 1000),
    });
  };
  return {
    add(event) {
      const at = Date.parse(event.at);
      if (event.type === "controller" && event.state === "attached")
        for (const [phase, start] of began) {
          // A pull of a process that died is not continued.
          if (start.duringTraining) began.delete(phase);
          else start.lastHeardAt ??= lastEventAt;
        }
      lastEventAt = at;
      if (event.type !== "phase") return;
      const open = began.get(event.phase);
      if (event.state === "started") {
        const duringTraining = open?.duringTraining ?? began.has("train");
        began.set(event.phase, { at: open?.at ?? at, duringTraining });
        return;
      }
      began.delete(event.phase);
      // A pull runs during the training, so its time would count twice.
      if (open?.duringTraining) return;
      add(event.phase, Math.min(open?.at ?? at, at - event.seconds * 1000), at);
    },
    list: () => {
      for (const [phase, { at, duringTraining, lastHeardAt = lastEventAt }] of began)
        if (!duringTraining) add(phase, at, lastHeardAt);
      began.clear();
      return phases;
    },
  };
}

function roundToMilliseconds(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000) / 1000);
}

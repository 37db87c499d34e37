import type { RunEvent, RunEventBody } from "@unitrain/core";
import { applyEvent, createRunView, type RunView } from "@unitrain/view";
import { type EventScript, examplePlan } from "./event-script.ts";

/** The events of a story, all at one moment. */
export function createEvents(eventScript: EventScript, at = "2026-11-24T00:16:00.000Z"): RunEvent[] {
  return eventScript.map(([, event]: readonly [number, RunEventBody], seq) => ({
    seq,
    at,
    runId: examplePlan.runId,
    ...event,
  }));
}

/** What a screen knows once a story was told. */
export function createViewAfter(eventScript: EventScript): RunView {
  const view = createRunView();
  for (const event of createEvents(eventScript)) applyEvent(view, event);
  return view;
}

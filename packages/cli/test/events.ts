import type { RunEvent, RunEventBody } from "@unitrain/core";
import { applyEvent, emptyView, type RunView } from "../src/render/run-view.ts";
import { examplePlan, type Story } from "./event-script.ts";

/** The events of a story, all at one moment. */
export function eventsOf(story: Story, at = "2026-11-24T00:16:00.000Z"): RunEvent[] {
  return story.map(([, event]: readonly [number, RunEventBody], seq) => ({
    seq,
    at,
    runId: examplePlan.runId,
    ...event,
  }));
}

/** What a screen knows once a story was told. */
export function viewAfter(story: Story): RunView {
  const view = emptyView();
  for (const event of eventsOf(story)) applyEvent(view, event);
  return view;
}

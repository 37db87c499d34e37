import type { EventStore } from "../follow/event-store.ts";
import type { RunEventBody } from "../spec/index.ts";
import type { Clock } from "../time/clock.ts";
import { settleWithin } from "../time/settle-within.ts";

/** What it takes to tell everyone who follows a run what happens. */
export interface Reporter {
  readonly events: Pick<EventStore, "emit">;
  readonly clock: Clock;
}

/** How long to wait until an event is on disk. A hanging disk must not block the run. */
const eventPatienceMs = 5_000;

export async function emit({ clock, events }: Reporter, body: RunEventBody): Promise<void> {
  await settleWithin(clock, eventPatienceMs, events.emit(body));
}

import type { Run } from "../api.ts";

/**
 * Shows what a release is waiting for, each message once: a provider that refuses the API key does so for minutes, and the
 * person in front of `gc` can act on it. Never rejects: events that cannot be read must not end a release.
 */
export async function showTeardown(
  run: Pick<Run, "events">,
  sinceMs: number,
  show: (message: string) => void,
): Promise<void> {
  const shown = new Set<string>();
  try {
    for await (const event of run.events) {
      if (event.type !== "status" || event.phase !== "teardown") continue;
      if (Date.parse(event.at) < sinceMs || shown.has(event.message)) continue;
      shown.add(event.message);
      show(event.message);
    }
  } catch {
    // The report of gc has the reason as well.
  }
}

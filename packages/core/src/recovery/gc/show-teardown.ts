import type { Run } from "../../api/run.ts";

/**
 * Shows what a release is waiting for, each message once. If the provider refuses the API key, for example, the user of `gc`
 * can fix it while the release is retried. Never rejects, because unreadable events must not end a release.
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
    // The report of `gc` contains the reason as well.
  }
}

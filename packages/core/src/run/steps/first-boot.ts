import { emit } from "../../journal/reporter.ts";
import type { ActiveRun } from "../active-run.ts";

const timeoutMs = 60_000;

/** Runs the provider's first-boot command on a newly rented machine. Borrowed machines are not changed. */
export async function runFirstBootStep(
  run: Pick<ActiveRun, "provider" | "ledger" | "link" | "events" | "clock">,
): Promise<void> {
  const { firstBoot, ownership } = run.provider;
  if (firstBoot === undefined || ownership !== "rented") return;
  if (run.ledger.state.started || run.ledger.state.environment !== undefined) return;
  const call = { phase: "connect" as const, method: "run", timeoutMs };
  const { exitCode } = await run.link.use(call, (session, context) =>
    session.run(firstBoot.command, context),
  );
  if (exitCode === 0) return;
  await emit(run, { type: "status", phase: "connect", message: firstBoot.failureMessage });
}

import type { LedgerReader } from "../../journal/recorder.ts";
import { emit, type Reporter } from "../../journal/reporter.ts";
import type { Provider } from "../../spec/index.ts";
import type { Connected } from "../link/link.ts";

const timeoutMs = 60_000;

/** Runs the provider's first-boot command on a newly rented machine. Borrowed machines are not changed. */
export async function runFirstBootStep(
  run: Reporter & LedgerReader & Connected & { readonly provider: Pick<Provider, "firstBoot" | "ownership"> },
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

import { mkdir } from "node:fs/promises";
import { callAdapter } from "../adapter/border.ts";
import { type Resource, UnitrainError } from "../spec/index.ts";
import { inPhase, ofRun, type RunScope } from "./scope.ts";

const identityTimeoutMs = 60_000;
const leaseTimeoutMs = 20 * 60_000;

/** Rents the machine. Whatever the user wants meanwhile, a paid call in flight is let end: else nobody knows what it made. */
export async function lease(run: RunScope): Promise<void> {
  const { ledger, provider } = run;
  if (ledger.state.leased) return;
  if (run.resumed && provider.ownership === "rented") {
    throw new UnitrainError(
      "LEASE_FAILED",
      "The process that was renting the machine died before it was done.",
      {
        hint: "What it may have rented is given back now; start again.",
        retryable: true,
      },
    );
  }
  await inPhase(run, "lease", async () => {
    run.unwanted.throwIfAborted();
    const publicKey = await makeIdentity(run);
    const call = { phase: "lease" as const, adapter: `${provider.name}.lease`, timeoutMs: leaseTimeoutMs };
    await callAdapter(run.assembly.border, call, (context) =>
      provider.lease(run.plan.quote, {
        ...context,
        ...ofRun(run),
        ...(publicKey === undefined ? {} : { publicKey }),
        record: (resource) => record(run, resource),
        unwanted: run.unwanted,
      }),
    );
    await ledger.append({ type: "leased" });
  });
  run.unwanted.throwIfAborted();
}

async function makeIdentity(run: RunScope): Promise<string | undefined> {
  const { transport } = run;
  await mkdir(run.folder.lease(run.leaseId), { recursive: true, mode: 0o700 });
  if (transport.identity === undefined) return undefined;
  const call = {
    phase: "lease" as const,
    adapter: `${transport.name}.identity`,
    timeoutMs: identityTimeoutMs,
    signal: run.unwanted,
  };
  const identity = await callAdapter(run.assembly.border, call, (context) =>
    transport.identity?.({ ...context, ...ofRun(run) }),
  );
  return identity?.publicKey;
}

/** Written down before and after each paid call. Only what carries this lease's name is ours to end later. */
async function record(run: RunScope, resource: Resource): Promise<void> {
  if (resource.giveBack === "end" && !resource.name.includes(run.leaseId)) {
    throw new UnitrainError(
      "INVALID_ADAPTER",
      `The ${resource.kind} "${resource.name}" does not carry the lease's name.`,
      {
        hint: `Names of everything paid contain "${run.leaseId}", so that another process finds them.`,
        adapter: `${run.provider.name}.lease`,
      },
    );
  }
  const recordedAt = new Date(run.clock.now()).toISOString();
  await run.ledger.append({ type: "resource", resource: { ...resource, recordedAt } });
}

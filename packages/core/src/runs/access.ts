import { assemble } from "../adapters/assemble.ts";
import { callAdapter } from "../adapters/boundary.ts";
import { loadAdapters, type PreloadedAdapters } from "../adapters/load-adapters.ts";
import type { RunsOptions } from "../api.ts";
import { makeKeysFolder } from "../lease/active-lease.ts";
import {
  type Access,
  type Machine,
  type MachineState,
  type Plan,
  type RunContext,
  UnitrainError,
} from "../spec/index.ts";
import { findCurrentLease } from "../state/run-leases.ts";
import type { FoundRun } from "../state/run-list.ts";

const timeoutMs = 60_000;

/** Implements `Runs.access`. It takes no lock, so it works while another process drives the run. */
export async function getAccess(
  options: RunsOptions,
  preloaded: PreloadedAdapters,
  found: FoundRun,
  plan: Plan,
): Promise<Access> {
  const { state } = found.reading;
  const parts = await loadAdapters(plan, {
    preloaded,
    load: options.load,
    workingFolder: state.workingFolder,
  });
  const { transport, provider } = parts;
  const lease = findCurrentLease(found);
  if (lease === undefined)
    throw createNoMachineError(plan, "it is between two machines, or its machine was released");
  const { unreleased } = lease.state;
  if (provider.ownership === "rented" && (unreleased.length === 0 || state.outcome !== undefined))
    throw createNoMachineError(plan, "its machine was released");
  const { boundary } = assemble(options, parts, { showStatus: () => {} });
  await makeKeysFolder(lease.folder);
  const ofRun = { runId: plan.runId, leaseId: lease.id, folder: lease.folder.keys };
  const ask = <T>(method: string, call: (context: RunContext) => Promise<T>) =>
    callAdapter(boundary, { phase: "connect", adapter: method, timeoutMs }, (context) =>
      call({ ...context, ...ofRun }),
    );
  const machine =
    state.machine ??
    requireRunning(
      plan,
      await ask(`${provider.name}.getMachineState`, (context) =>
        provider.getMachineState(unreleased, context),
      ),
    );
  const { access } = transport;
  if (access === undefined) {
    throw new UnitrainError(
      "NOT_AVAILABLE",
      `Cannot connect another program to the machine: ${machine.connectionKind === "local" ? "it is this computer" : `the transport "${transport.name}" does not support it`}.`,
    );
  }
  return ask(`${transport.name}.access`, (context) => access.call(transport, machine, context));
}

function requireRunning(plan: Plan, state: MachineState): Machine {
  if (state.state === "running") return state.machine;
  throw createNoMachineError(plan, `its machine is ${state.state}`);
}

function createNoMachineError(plan: Plan, reason: string): UnitrainError {
  return new UnitrainError("NOT_AVAILABLE", `${plan.name} has no machine to connect to: ${reason}.`, {
    hint: "List the runs to see which have a machine.",
    action: { type: "list-runs" },
  });
}

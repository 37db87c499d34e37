import type { MachineState } from "@unitrain/core/spec";
import { attempt, demand, describeError } from "../../suite/demand.ts";
import { findJsonFault } from "../../suite/texts.ts";
import type { LeaseUnderTest } from "../lease-under-test.ts";
import { providerRules, rent } from "../rule.ts";
import type { ProviderBed } from "../testbed.ts";

/** Real time within which a call must end once its signal has aborted. */
const endsAfterAbortMs = 3_000;

/** Rules about `getMachineState`: what decides whether a run goes on. */
export const stateRules = providerRules([
  {
    id: "provider/machine-fits-the-connection",
    demand:
      "The machine of a lease starts to run, and its `connectionKind` is the one that the provider declares.",
    needs: [],
    async check(start) {
      const bed = await start();
      const state = await (await rent(bed)).waitUntilRunning();
      demand(
        state.state === "running",
        `The machine did not start to run: its state is ${JSON.stringify(state)}.`,
      );
      const fault = findJsonFault(state.machine);
      demand(fault === undefined, `In the machine, ${fault}, which JSON does not keep.`);
      const { connectionKind } = state.machine;
      demand(
        connectionKind === bed.provider.connectionKind,
        `The machine has the connectionKind ${connectionKind}, and the provider declares ${bed.provider.connectionKind}. Use one of them.`,
      );
    },
  },
  {
    id: "provider/lost-machine-is-gone",
    demand:
      "A machine that no longer exists becomes `gone`, because core would otherwise wait for it until the deadline.",
    needs: ["rental", "machine-lost"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      await lease.waitUntilRunning();
      await bed.play("machine-lost");
      let state = await lease.getState();
      for (let polls = 0; polls < 100 && state.state !== "gone"; polls += 1) {
        await bed.clock.wait(10_000);
        state = await lease.getState();
      }
      demand(
        state.state === "gone",
        `The machine was deleted, and its state is still ${JSON.stringify(state)}. Return gone once a look confirms it.`,
      );
    },
  },
  {
    id: "provider/one-miss-is-not-gone",
    demand:
      "One look that finds nothing does not make a machine `gone`, because lists are sometimes late and a run would end.",
    needs: ["rental", "missing-once"],
    async check(start) {
      await demandNotGone(start, "missing-once", "The machine was missing in one answer");
    },
  },
  {
    id: "provider/outage-is-not-gone",
    demand:
      "While the cloud cannot be asked, a machine is `unknown` and never `gone`, because it may run and cost money.",
    needs: ["rental", "outage"],
    async check(start) {
      await demandNotGone(start, "outage", "Every request failed");
    },
  },
  {
    id: "provider/refused-key-is-not-gone",
    demand:
      "While the cloud refuses the key, a machine is `unknown` and never `gone`, because another key may see it.",
    needs: ["rental", "unauthorized"],
    async check(start) {
      await demandNotGone(start, "unauthorized", "The key was refused");
    },
  },
  {
    id: "provider/unknown-status-is-unknown",
    demand:
      "A status that nobody documented is `unknown`, because a guess would end a run or keep a dead one.",
    needs: ["rental", "unknown-status"],
    async check(start) {
      const bed = await start();
      const lease = await rent(bed);
      await lease.waitUntilRunning();
      await bed.play("unknown-status");
      const state = await lease.getState();
      demand(
        state.state === "unknown",
        `The machine had a status that is not documented, and getMachineState() returned ${JSON.stringify(state)}. Return { state: "unknown", detail }.`,
      );
    },
  },
  {
    id: "provider/abort-ends-a-call",
    demand:
      "Every call ends soon after `context.signal` aborts, because core has a deadline for each of them.",
    needs: ["silence"],
    async check(start) {
      const calls = {
        quote: (bed: ProviderBed, lease: LeaseUnderTest, signal: AbortSignal) =>
          bed.provider.quote(bed.subject.request ?? { diskBytes: 1e9 }, lease.context({ signal })),
        getMachineState: (bed: ProviderBed, lease: LeaseUnderTest, signal: AbortSignal) =>
          bed.provider.getMachineState(lease.ledger(), lease.context({ signal })),
        release: (bed: ProviderBed, lease: LeaseUnderTest, signal: AbortSignal) =>
          bed.provider.release(lease.ledger(), lease.context({ signal })),
      };
      for (const [name, call] of Object.entries(calls)) {
        const bed = await start();
        const lease = await rent(bed);
        await bed.play("silence");
        const abort = new AbortController();
        setTimeout(() => abort.abort(new Error("core's deadline for this call")), 50);
        await attempt<unknown>(
          `${name}(), whose signal had aborted,`,
          call(bed, lease, abort.signal),
          endsAfterAbortMs,
        );
      }
    },
  },
]);

async function demandNotGone(
  start: () => Promise<ProviderBed>,
  fault: "missing-once" | "outage" | "unauthorized",
  what: string,
): Promise<void> {
  const bed = await start();
  const lease = await rent(bed);
  await lease.waitUntilRunning();
  await bed.play(fault);
  const result = await attempt<MachineState>("getMachineState()", lease.getState());
  if ("error" in result) {
    demand(describeError(result.error) !== "", "getMachineState() threw an error without a message.");
    return;
  }
  demand(
    result.value.state !== "gone",
    `${what}, and getMachineState() returned gone. Return { state: "unknown", detail } unless the cloud itself says that it is gone.`,
  );
}

import type { MachineAssembly } from "../adapters/assembly.ts";
import type { CleanOptions, CleanReport } from "../api/machine-calls.ts";
import { listSummaries } from "../runs/summary.ts";
import { UnitrainError } from "../spec/index.ts";
import { listStored } from "./list-stored.ts";
import { removeStored } from "./remove-stored.ts";
import { withMachine } from "./with-machine.ts";

/** Removes the items that `choose` returns. An item that cannot be removed does not stop the others from being removed. */
export async function cleanMachine(
  assembly: MachineAssembly,
  choose: CleanOptions["choose"],
  signal?: AbortSignal,
): Promise<CleanReport> {
  const { home, ports, provider, sanitizer, boundary } = assembly;
  if (provider.ownership === "rented") {
    throw new UnitrainError(
      "NOT_AVAILABLE",
      "A rented machine cannot be cleaned: it is released with all its files.",
      {
        hint: "Choose a machine of your own.",
      },
    );
  }
  const openRuns = (await listSummaries(home, ports))
    .filter(({ state }) => state !== "over")
    .map(({ id }) => id);
  return withMachine(assembly, signal, async (connected) => {
    if ("ready" in connected)
      throw new UnitrainError("NOT_READY", `${connected.step}: ${connected.reason}`, {
        adapter: assembly.transport?.name,
      });
    const facts = await connected.call("facts", (session, context) => session.facts(context));
    const stored = await listStored(connected, facts, openRuns);
    // `choose` sees the masked items, and the original of each chosen one is removed.
    const items = stored.map((item) => sanitizer.maskValue(item));
    const requested = await choose(items);
    const chosen = items.filter((item) => item.inUse === undefined && requested.includes(item));
    const removed = [];
    for (const item of chosen) {
      const original = stored[items.indexOf(item)];
      if (original === undefined) continue;
      try {
        await removeStored(connected, facts, original);
        removed.push(item);
      } catch (error) {
        boundary.showStatus("teardown", sanitizer.maskError(error).message);
      }
    }
    return { items, chosen, removed };
  });
}

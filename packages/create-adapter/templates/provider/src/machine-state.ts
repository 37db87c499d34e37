import { type MachineState, type Resource, type RunContext, toPlainLine } from "@unitrain/core/spec";
import type { Api, Item } from "./api.ts";
import { findItems } from "./resources.ts";

const looksUntilGone = 3;
const waitMs = 2_000;

// 8. The state of the machine. Only `gone` means that it costs nothing any more, so it must be certain: one answer that does not
//    list the machine, an error, or a status that you do not know is never `gone`.
export async function getState(
  api: Api,
  resources: readonly Resource[],
  context: RunContext,
): Promise<MachineState> {
  const machine = resources.find(({ kind }) => kind === "instance");
  if (machine === undefined) return { state: "unknown", detail: "the ledger has no instance" };
  try {
    for (let look = 1; look <= looksUntilGone; look += 1) {
      const [found] = await findItems(api, machine, context);
      if (found !== undefined) return interpret(found);
      if (look < looksUntilGone) await context.wait(waitMs);
    }
    return { state: "gone", evidence: `GET /instances does not list ${machine.id ?? machine.name}` };
  } catch (error) {
    return {
      state: "unknown",
      detail: error instanceof Error ? error.message : "the cloud cannot be asked",
    };
  }
}

function interpret({ status = "", ip }: Item): MachineState {
  switch (status) {
    case "booting":
      return { state: "starting", detail: "the machine is booting" };
    case "running":
      if (ip === undefined) return { state: "starting", detail: "waiting for an address" };
      // `trust: "lease"`: unitrain logs in with a key that it creates for this machine only.
      return {
        state: "running",
        machine: { connectionKind: "ssh", host: ip, user: "ubuntu", trust: "lease" },
      };
    case "stopped":
      return { state: "stopped", detail: "the machine was stopped" };
    default:
      return { state: "unknown", detail: toPlainLine(`the status is ${status}`) };
  }
}

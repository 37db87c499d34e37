import { registerAdapterSecrets } from "../adapters/assemble.ts";
import type { Assembly } from "../adapters/assembly.ts";
import { type ProtectedAdapter, protectAdapter } from "../adapters/protect.ts";
import { listKeptMachines, type PlannedMachine, planKeptMachine } from "../lease/kept-machines.ts";
import { checkAdapter } from "../spec/adapter-shape.ts";
import { type MachineRequest, type Provider, type Transport, UnitrainError } from "../spec/index.ts";

/**
 * Returns the provider that a `provision` hook chooses, else the user's, and a transport that supports its machines. `machine` is one
 * that an earlier run has kept, if the hook chooses it.
 */
export async function chooseMachine(assembly: Assembly, request: MachineRequest, signal?: AbortSignal) {
  const call = assembly.hookCall("plan", signal);
  const isAsked = [...assembly.plugins, assembly.framework].some(
    ({ hooks }) => hooks?.provision !== undefined,
  );
  const keptMachines = isAsked ? await listKeptMachines(assembly) : [];
  const answer = await assembly.hooks.callFirst("provision", { ...request, keptMachines }, call);
  if (answer === undefined || !("leaseId" in answer))
    return chosen(assembly, answer === undefined ? assembly.provider : protectAdapter(answer));
  const machine = await planKeptMachine(assembly, answer.leaseId);
  return { ...chosen(assembly, machine.provider), machine };
}

function chosen(
  assembly: Assembly,
  provider: ProtectedAdapter<Provider>,
): {
  readonly provider: ProtectedAdapter<Provider>;
  readonly transport: ProtectedAdapter<Transport>;
  readonly machine?: PlannedMachine;
} {
  const transport = chooseTransport(assembly, provider);
  // A hook or a kept machine may have brought other adapters than those that the assembly was made with.
  registerAdapterSecrets(assembly.sanitizer, [provider, transport]);
  return { provider, transport };
}

function chooseTransport(assembly: Assembly, provider: Provider): ProtectedAdapter<Transport> {
  const ofProvider = provider.defaultTransport?.();
  const transport = assembly.transport ?? (ofProvider && protectAdapter(ofProvider));
  if (transport === undefined) {
    throw new UnitrainError("INVALID_OPTIONS", `The provider "${provider.name}" has no default transport.`, {
      hint: `Pass one that supports "${provider.connectionKind}" machines: createUnitrain({ transport: … }).`,
      phase: "plan",
    });
  }
  checkAdapter("transport", transport);
  if (!transport.supports.includes(provider.connectionKind)) {
    throw new UnitrainError(
      "TRANSPORT_MISMATCH",
      `The transport "${transport.name}" cannot reach the machines of "${provider.name}": it supports ${transport.supports.map((kind) => `"${kind}"`).join(", ")}, and they are "${provider.connectionKind}" machines.`,
      {
        hint: "Leave the transport out to use the provider's default, or pass one that fits.",
        phase: "plan",
      },
    );
  }
  return transport;
}

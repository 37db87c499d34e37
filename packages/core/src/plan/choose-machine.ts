import type { Assembly } from "../adapters/assembly.ts";
import { checkAdapter } from "../adapters/shape.ts";
import { type MachineRequest, type Provider, type Transport, UnitrainError } from "../spec/index.ts";

/** The provider that a `provision` hook brings, else the user's own, and a transport that reaches it. */
export async function chooseMachine(assembly: Assembly, request: MachineRequest, signal?: AbortSignal) {
  const call = assembly.hookCall("plan", signal);
  const provider = (await assembly.hooks.callFirst("provision", request, call)) ?? assembly.provider;
  return { provider, transport: chooseTransport(assembly, provider) };
}

function chooseTransport(assembly: Assembly, provider: Provider): Transport {
  const transport = assembly.transport ?? provider.defaultTransport?.();
  if (transport === undefined) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `The provider "${provider.name}" brings no transport of its own.`,
      {
        hint: `Name one that reaches "${provider.connectionKind}" machines: createUnitrain({ transport: … }).`,
        phase: "plan",
      },
    );
  }
  checkAdapter("transport", transport);
  if (!transport.supports.includes(provider.connectionKind)) {
    throw new UnitrainError(
      "TRANSPORT_MISMATCH",
      `The transport "${transport.name}" reaches ${transport.supports.map((kind) => `"${kind}"`).join(", ")}, the provider "${provider.name}" gives "${provider.connectionKind}" machines.`,
      { hint: "Leave the transport out to use the provider's own, or name one that fits.", phase: "plan" },
    );
  }
  return transport;
}

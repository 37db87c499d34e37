import type { MachineAssembly } from "../adapters/assembly.ts";
import { callAdapter } from "../adapters/boundary.ts";
import {
  type Framework,
  type MachineRequest,
  type Provider,
  type Quote,
  UnitrainError,
} from "../spec/index.ts";

const quoteTimeoutMs = 60_000;

/** Asks a provider for its best offer. Spends nothing. */
export function askForQuote(
  { boundary }: Pick<MachineAssembly, "boundary">,
  provider: Provider,
  request: MachineRequest,
  signal: AbortSignal | undefined,
): Promise<Quote> {
  const call = {
    phase: "plan" as const,
    adapter: `${provider.name}.quote`,
    timeoutMs: quoteTimeoutMs,
    signal,
  };
  return callAdapter(boundary, call, (context) => provider.quote(request, context));
}

/** Throws if the offer is not one of the request, or if the framework says that the training cannot run on it. */
export function refuseUnfitQuote(
  quote: Quote,
  request: MachineRequest,
  framework: Framework | undefined,
): void {
  refuseOtherNodes(request, quote);
  if (framework !== undefined) refuseUnfitOffer(framework, quote);
}

/** Refuses an offer with another number of nodes: a provider that does not know about nodes offers one. */
function refuseOtherNodes({ nodes = 1 }: MachineRequest, quote: Quote): void {
  const offered = quote.nodes ?? 1;
  if (offered === nodes) return;
  throw new UnitrainError(
    "NOT_AVAILABLE",
    `${quote.machine} does not fit: ${nodes} nodes are needed, ${offered} offered.`,
    {
      hint: "Choose a provider that offers several nodes, or plan with one.",
      phase: "plan",
    },
  );
}

function refuseUnfitOffer(framework: Framework, quote: Quote): void {
  const errors = (framework.fitsOffer?.({ quote }) ?? []).filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw new UnitrainError("INVALID_OPTIONS", errors.map(({ message }) => message).join("\n"), {
    hint: errors.map(({ hint }) => hint).join(" "),
    phase: "plan",
    adapter: framework.name,
  });
}

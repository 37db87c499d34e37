import { assembleMachine, withMaskedErrors } from "../adapters/assemble.ts";
import type { MachineAssembly } from "../adapters/assembly.ts";
import { callAdapter } from "../adapters/boundary.ts";
import { type ProtectedAdapter, protectAdapter } from "../adapters/protect.ts";
import type { MachineCallOptions, MachineCalls } from "../api/machine-calls.ts";
import type { RunsOptions } from "../api.ts";
import { listUntracked, releaseUntracked } from "../lease/untracked.ts";
import { askForQuote, refuseUnfitQuote } from "../plan/ask-for-quote.ts";
import type { Framework, MachineRequest, Plugin, Provider, Quote, Transport } from "../spec/index.ts";
import { UnitrainError } from "../spec/index.ts";
import { toCancelSignal } from "../time/cancelled.ts";
import { cleanMachine } from "./clean-machine.ts";
import { inspectMachine } from "./inspect-machine.ts";

const offersTimeoutMs = 60_000;

/** The options of `openMachine`. */
export interface MachineOptions extends RunsOptions {
  readonly provider: Provider;
  /** By default the default transport of the provider. */
  readonly transport?: Transport | undefined;
  readonly plugins?: readonly Plugin[] | undefined;
  /** Lets `inspect()` report how much disk space the framework's environment takes. */
  readonly framework?: Framework | undefined;
}

/**
 * Returns the calls to a provider and its machine that need no framework. Secrets are masked in all results and errors.
 *
 * @throws UnitrainError `INVALID_ADAPTER` if an adapter was made for another spec version or lacks a method.
 * @example
 * ```ts
 * import { openMachine, type Provider } from "@unitrain/core";
 *
 * export async function cheapest(provider: Provider) {
 *   const offers = await openMachine({ provider }).offers();
 *   return Math.min(...offers.map(({ priceUsdPerHour }) => priceUsdPerHour));
 * }
 * ```
 */
export function openMachine(options: MachineOptions): MachineCalls {
  const assemble = (showStatus?: (message: string) => void) =>
    assembleMachine(
      options,
      options,
      { showStatus: (sanitizer, _phase, message) => showStatus?.(sanitizer.maskMessage(message)) },
      options.framework,
    );
  assemble();
  const callMachine = <T>(
    { showStatus, signal }: MachineCallOptions,
    call: (assembly: MachineAssembly, ended?: AbortSignal) => Promise<T>,
  ) => {
    const assembly = assemble(showStatus);
    return withMaskedErrors(assembly, () => call(assembly, toCancelSignal(signal)));
  };
  return {
    offers: (callOptions = {}) => callMachine(callOptions, listOffers),
    quote: (request = {}, callOptions = {}) =>
      callMachine(callOptions, (assembly, signal) =>
        quoteMachine(assembly, request, options.framework && protectAdapter(options.framework), signal),
      ),
    inspect: (callOptions = {}) =>
      callMachine(callOptions, (assembly, signal) =>
        inspectMachine(assembly, options.framework && protectAdapter(options.framework), signal),
      ),
    clean: (callOptions) =>
      callMachine(callOptions, (assembly, signal) => cleanMachine(assembly, callOptions.choose, signal)),
    listUntracked: (signal) => callMachine({ signal }, listUntracked),
    releaseUntracked: (untracked, signal) =>
      callMachine({ signal }, (assembly, ended) => releaseUntracked(assembly, untracked, ended)),
  };
}

/** Without a request of its own for the disk, the offer has room for the framework. */
async function quoteMachine(
  assembly: MachineAssembly,
  wanted: Partial<MachineRequest>,
  framework: ProtectedAdapter<Framework> | undefined,
  signal: AbortSignal | undefined,
): Promise<Quote> {
  const request = { diskBytes: framework?.diskBytes ?? 0, ...wanted };
  const quote = await askForQuote(assembly, assembly.provider, request, signal);
  refuseUnfitQuote(quote, request, framework);
  return assembly.sanitizer.maskValue(quote);
}

async function listOffers({ provider, boundary, sanitizer }: MachineAssembly, signal?: AbortSignal) {
  const { name, offers } = provider;
  if (offers === undefined) {
    throw new UnitrainError("NOT_AVAILABLE", `"${name}" has no offers: it rents nothing out.`, {
      hint: "Choose a provider that rents machines out.",
    });
  }
  const call = {
    phase: "plan" as const,
    adapter: `${name}.offers`,
    timeoutMs: offersTimeoutMs,
    signal,
  };
  return sanitizer.maskValue(await callAdapter(boundary, call, (context) => offers.call(provider, context)));
}

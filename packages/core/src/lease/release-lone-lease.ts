import { rm } from "node:fs/promises";
import { assembleMachine } from "../adapters/assemble.ts";
import { createFromRecipe, loadFromFolder } from "../adapters/recipe.ts";
import type { RunsOptions } from "../api.ts";
import { type Provider, type Resource, UnitrainError } from "../spec/index.ts";
import type { FoundLease } from "../state/lease-list.ts";
import { memoryLedger, openLedger } from "../state/ledger.ts";
import { createUnreadableError } from "../state/unreadable.ts";
import { isProven, noteReleasing, releaseLease } from "./release.ts";

/** What became of a lease that was released without a run; what its ledger names still is not confirmed gone. */
export interface ReleasedLease {
  /** Confirmed gone, also where that could not be written down. */
  readonly proven: readonly Resource[];
  /** Why something is left. */
  readonly reason: string;
}

/**
 * Releases a lease by its own ledger alone, whose lock is held. Its provider is the one given, if it has that name, else it is
 * created from the recipe that is written there.
 */
export async function releaseLoneLease(
  options: RunsOptions,
  preloaded: Provider | undefined,
  { id, folder, state, reading }: FoundLease,
  showStatus: (message: string) => void,
): Promise<ReleasedLease> {
  const descriptor = state.provider;
  if (descriptor === undefined) {
    const message = "It does not name a provider, so nobody knows whom to ask.";
    throw createUnreadableError({ kind: "damaged", file: folder.ledger, message });
  }
  const load = options.load ?? loadFromFolder;
  const from = { load, folder: state.workingFolder ?? process.cwd() };
  const provider =
    preloaded?.name === descriptor.name
      ? preloaded
      : await createFromRecipe<Provider>("provider", descriptor, from);
  const assembly = assembleMachine(
    options,
    { provider },
    { showStatus: (sanitizer, _phase, message) => showStatus(sanitizer.maskText(message)) },
  );
  let hindrance: string | undefined;
  const { lease: ledger } = await openLedger(folder.ledger, assembly.ports).catch((error) => {
    if (!UnitrainError.isInstance(error) || error.code !== "LEDGER_UNWRITABLE") throw error;
    hindrance = assembly.sanitizer.maskError(error).message;
    return memoryLedger(reading, assembly.ports.clock);
  });
  const proven: Resource[] = [];
  const releasing = {
    runId: state.holdings.at(-1)?.runId ?? id,
    lease: { id, folder, ledger, isNew: false },
    provider,
    assembly,
    clock: assembly.ports.clock,
    proven,
    showRelease: async (message: string) => showStatus(message),
  };
  await noteReleasing(releasing);
  await releaseLease(releasing);
  const { unreleased, unconfirmedReason } = ledger.state;
  if (unreleased.every((resource) => isProven(releasing, resource)))
    await rm(folder.keys, { recursive: true, force: true }).catch(() => {});
  return { proven, reason: hindrance ?? unconfirmedReason ?? "it was not confirmed" };
}

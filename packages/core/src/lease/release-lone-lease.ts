import { rm } from "node:fs/promises";
import { assembleMachine } from "../adapters/assemble.ts";
import { importFromFolder } from "../adapters/import-from-folder.ts";
import { createFromRecipe } from "../adapters/recipe.ts";
import type { RunsOptions } from "../api.ts";
import { type Provider, type Resource, UnitrainError } from "../spec/index.ts";
import type { FoundLease } from "../state/lease-list.ts";
import { memoryLedger, openLedger } from "../state/ledger.ts";
import { createUnreadableError } from "../state/unreadable.ts";
import { isProven, recordReleasing, releaseLease } from "./release.ts";

/** The result of releasing a lease without a run. Resources that its ledger still lists are not confirmed gone. */
export interface ReleasedLease {
  /** Resources that are confirmed gone, including those for which the confirmation could not be recorded. */
  readonly proven: readonly Resource[];
  /** Why some resources are not confirmed gone. */
  readonly reason: string;
}

/**
 * Releases a lease using only its own ledger. The caller holds the lease's lock. The preloaded provider is used if its name
 * matches the ledger's; otherwise the provider is created from the recipe in the ledger.
 */
export async function releaseLoneLease(
  options: RunsOptions,
  preloaded: Provider | undefined,
  { id, folder, state, reading }: FoundLease,
  showStatus: (message: string) => void,
): Promise<ReleasedLease> {
  const descriptor = state.provider;
  if (descriptor === undefined) {
    const message = "It does not name a provider, so its resources cannot be released.";
    throw createUnreadableError({ kind: "damaged", file: folder.ledger, message });
  }
  const load = options.load ?? importFromFolder;
  const from = { load, folder: state.workingFolder ?? process.cwd() };
  const named =
    preloaded?.name === descriptor.name
      ? preloaded
      : await createFromRecipe<Provider>("provider", descriptor, from);
  const { provider, boundary, sanitizer, ports } = assembleMachine(
    options,
    { provider: named },
    { showStatus: (sanitizer, _phase, message) => showStatus(sanitizer.maskMessage(message)) },
  );
  let ledgerFailure: string | undefined;
  const { lease: ledger } = await openLedger(folder.ledger, ports).catch((error) => {
    if (!UnitrainError.isInstance(error) || error.code !== "LEDGER_UNWRITABLE") throw error;
    ledgerFailure = sanitizer.maskError(error).message;
    return memoryLedger(reading, ports.clock);
  });
  const proven: Resource[] = [];
  const releasing = {
    runId: state.holdings.at(-1)?.runId ?? id,
    lease: { id, folder, ledger, isNew: false },
    provider,
    boundary,
    sanitizer,
    clock: ports.clock,
    proven,
    showRelease: async (message: string) => showStatus(message),
  };
  await recordReleasing(releasing);
  await releaseLease(releasing);
  const { unreleased, unconfirmedReason } = ledger.state;
  if (unreleased.every((resource) => isProven(releasing, resource)))
    await rm(folder.keys, { recursive: true, force: true }).catch(() => {});
  return { proven, reason: ledgerFailure ?? unconfirmedReason ?? "the provider did not confirm the release" };
}

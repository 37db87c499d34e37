import type { AttachOptions } from "../api.ts";
import { guardianLock } from "../lease/guardian-lock.ts";
import { tellGuardian } from "../secrets/ask-guardian.ts";
import { findSecrets, listMissing } from "../secrets/find-secrets.ts";
import type { SecretValues } from "../secrets/run-secrets.ts";
import type { Locks } from "../state/lock.ts";
import { readLockState } from "../state/lock-state.ts";
import type { FoundRun } from "../state/run-list.ts";

/**
 * Returns the values of a run's secrets for a process that attaches. It asks for those that are found nowhere, unless another process
 * than the guardian drives the run: that one has them, or cannot take them.
 */
export async function askForSecrets(
  { home, locks }: { readonly home: string; readonly locks: Locks },
  found: FoundRun,
  { secrets = {}, askSecret }: Pick<AttachOptions, "secrets" | "askSecret">,
): Promise<SecretValues> {
  const values = await findSecrets(home, found, secrets);
  const missing = listMissing(values);
  if (askSecret === undefined || missing.length === 0) return secrets;
  const { holder } = await readLockState(locks, found.folder.lock);
  const isDrivenByOther =
    holder !== undefined && holder !== (await readLockState(locks, guardianLock(home))).holder;
  if (isDrivenByOther) return secrets;
  const asked: Record<string, string> = {};
  for (const name of missing) {
    const value = await askSecret(name);
    if (value !== undefined && value !== "") asked[name] = value;
  }
  return { ...secrets, ...asked };
}

/** Passes values to a running guardian that it does not have yet, because it may drive the run without them. */
export async function offerSecrets(
  { home, locks }: { readonly home: string; readonly locks: Locks },
  found: FoundRun,
  given: SecretValues,
): Promise<void> {
  const { names, sources } = await findSecrets(home, found, given);
  const [inEnvironment = {}, ...others] = sources;
  const kept = others.slice(0, -1);
  const values = { ...inEnvironment, ...given };
  const offered = names.filter((name) => values[name] && kept.every((source) => !source[name]));
  if (offered.length === 0 || (await readLockState(locks, guardianLock(home))).holder === undefined) return;
  await tellGuardian(home, found.id, Object.fromEntries(offered.map((name) => [name, values[name] ?? ""])));
}

import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { callAdapter } from "./adapter/border.ts";
import type { Assembly } from "./assembly.ts";
import { type ReleaseProof, type Resource, UnitrainError } from "./spec/index.ts";
import { makeFolders } from "./state/make-folders.ts";
import { listRunFolders } from "./state/run-list.ts";

const listTimeoutMs = 2 * 60_000;
const releaseTimeoutMs = 5 * 60_000;

/** What is at the provider under our naming scheme, and in no ledger of this computer that still answers for it. */
export async function straysOf(assembly: Assembly, signal?: AbortSignal): Promise<readonly Resource[]> {
  const { provider, border, home } = assembly;
  if (provider.list === undefined) {
    throw new UnitrainError("NOT_AVAILABLE", `"${provider.name}" cannot list what it has rented out.`, {
      hint: "Look at the provider's own console.",
    });
  }
  const list = provider.list.bind(provider);
  const call = {
    phase: "teardown" as const,
    adapter: `${provider.name}.list`,
    timeoutMs: listTimeoutMs,
    signal,
  };
  const there = await callAdapter(border, call, (context) => list(context));
  const known = (await listRunFolders(home)).flatMap(({ reading }) => reading.state.unreleased);
  return there.filter(
    (one) => !known.some(({ kind, name, id }) => kind === one.kind && (name === one.name || id === one.id)),
  );
}

/** Only what was listed a moment before and is named here. */
export async function endStrays(
  assembly: Assembly,
  strays: readonly Resource[],
  signal?: AbortSignal,
): Promise<readonly ReleaseProof[]> {
  const { provider, border, home } = assembly;
  await makeFolders(home, 0o700);
  const folder = await mkdtemp(join(home, "strays-"));
  const call = {
    phase: "teardown" as const,
    adapter: `${provider.name}.release`,
    timeoutMs: releaseTimeoutMs,
    signal,
  };
  try {
    return await callAdapter(border, call, (context) =>
      provider.release(strays, { ...context, runId: "strays", leaseId: "strays", folder }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

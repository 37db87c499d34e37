import type { Provider } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import { createFromModule, loadAdapterModule } from "../modules/create-from-module.ts";
import { type InstalledAdapter, listInstalledAdapters } from "../modules/installed-adapters.ts";
import { formatHint } from "../terminal/render/hint.ts";
import type { CheckResult } from "./check-result.ts";

/** Checks each adapter package that the project depends on: its version, whether it loads, and what it can do. Runs its code, and makes no request. */
export function checkInstalledAdapters(folder: string): Promise<readonly CheckResult[]> {
  return Promise.all(listInstalledAdapters(folder).map((adapter) => checkAdapterPackage(adapter, folder)));
}

async function checkAdapterPackage(
  { kind, name, word, found }: InstalledAdapter,
  folder: string,
): Promise<CheckResult> {
  const subject = { name: `${kind} ${word}` };
  const identity = [name, found?.version ?? ""].join(" ").trim();
  try {
    const capabilities = await withDeadline(listCapabilities(kind, name, folder), name);
    return { ...subject, state: "ok", found: [identity, ...capabilities].join(", ") };
  } catch (error) {
    const hint = UnitrainError.isInstance(error) ? formatHint(error) : undefined;
    const message = error instanceof Error ? error.message : String(error);
    return { ...subject, state: "warn", found: message, ...(hint === undefined ? {} : { hint }) };
  }
}

async function listCapabilities(
  kind: InstalledAdapter["kind"],
  module: string,
  folder: string,
): Promise<readonly string[]> {
  if (kind === "provider")
    return describeProvider(
      await createFromModule("provider", { module, folder }, { workingFolder: folder }),
    );
  // A framework or a plugin may need options, which only a training or a configuration has.
  await loadAdapterModule(kind, { module, folder });
  return [];
}

function describeProvider(provider: Provider): readonly string[] {
  const { ownership, offers, list, selfRelease, recipe } = provider;
  const keys = recipe?.secrets ?? [];
  return [
    ownership === "rented" ? "rents machines" : "a machine that costs nothing",
    ...(keys.length === 0 ? [] : [`key: ${keys.join(", ")}`]),
    ...(offers === undefined ? [] : ["lists offers"]),
    ...(list === undefined ? [] : ["finds untracked resources"]),
    ...(selfRelease === undefined ? [] : ["machines can release themselves"]),
  ];
}

const deadlineMs = 10_000;

/** Rejects if a module does not end loading, which its code can cause. */
async function withDeadline<T>(loading: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${name} does not end loading within ${deadlineMs / 1000} seconds.`)),
      deadlineMs,
    );
  });
  return Promise.race([loading, late]).finally(() => clearTimeout(timer));
}

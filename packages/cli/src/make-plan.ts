import type { Plan, Unitrain } from "@unitrain/core";
import { loadConfig } from "./config/load-config.ts";
import type { Flags } from "./flags.ts";
import { type Settings, settingsFrom } from "./settings/settings.ts";
import { trackerLoginMissing } from "./settings/tracker-login.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Made {
  readonly unitrain: Unitrain;
  readonly plan: Plan;
  readonly settings: Settings;
}

/** From words, flags and configuration to a checked plan, and the instance that can start it. */
export async function makePlan(
  given: readonly string[],
  flags: Flags,
  signal: AbortSignal,
  say: (message: string) => void,
  surroundings: Surroundings,
): Promise<Made> {
  const settings = settingsFrom(
    given,
    flags,
    await loadConfig(flags.config, surroundings.folder),
    surroundings,
  );
  const missing = trackerLoginMissing(settings);
  if (missing !== undefined) say(missing);
  const engine = await surroundings.engine();
  const unitrain = await engine.assemble(settings);
  const { source, request, budgetUsd, maxHours, out, name, env, secrets } = settings;
  const plan = await unitrain.plan({
    data: source,
    signal,
    say,
    ...(Object.keys(request).length === 0 ? {} : { machine: request }),
    ...(name === undefined ? {} : { name }),
    ...(out === undefined ? {} : { out }),
    ...(budgetUsd === undefined ? {} : { budgetUsd }),
    ...(maxHours === undefined ? {} : { maxHours }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(secrets.length === 0 ? {} : { secrets }),
  });
  signal.throwIfAborted();
  return { unitrain, plan, settings };
}

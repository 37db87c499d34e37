import type { MachineRequest, Plan, PlanOptions } from "@unitrain/core";
import { ownSettings } from "./generated/settings.ts";
import type { OwnSetting } from "./own-setting.ts";
import { type Places, resolveSetting } from "./resolve-setting.ts";

/** The options of `unitrain.plan()` that come directly from settings. */
export type SettingOptions = Partial<PlanOptions>;

/** Collects the settings that are options of a plan. */
export function collectPlanOptions(
  places: Places,
  settings: readonly OwnSetting[] = ownSettings,
): SettingOptions {
  const options: Record<string, unknown> = {};
  const machine: Record<string, unknown> = {};
  for (const setting of settings) {
    const value = setting.plan === undefined ? undefined : resolveSetting(setting, places);
    if (setting.plan === undefined || value === undefined) continue;
    const [first, ofMachine] = setting.plan.split(".") as [string, string?];
    if (ofMachine === undefined) options[first] = value;
    else machine[ofMachine] = value;
  }
  return { ...options, ...(Object.keys(machine).length === 0 ? {} : { machine }) };
}

/** Turns the plan of a repeated run back into the keys and values of a configuration. */
export function createConfigFromPlan(
  plan: Plan,
  isMachineExplicit: boolean,
  settings: readonly OwnSetting[] = ownSettings,
) {
  return Object.fromEntries(
    settings.flatMap(({ plan: place, configKey, kind, isRepeated }) => {
      if (place === undefined || configKey === undefined || isRepeated === false) return [];
      const ofMachine = place.startsWith("machine.");
      // The requirements for the earlier machine do not apply to a different one.
      if (ofMachine && isMachineExplicit) return [];
      const value = ofMachine
        ? plan.request[place.slice("machine.".length) as keyof MachineRequest]
        : plan[place as keyof Plan];
      return value === undefined ? [] : [[configKey, kind === "size" ? `${value}B` : value] as const];
    }),
  );
}

import type { SettingDeclaration } from "@unitrain/core/spec";
import { defaultFramework } from "../modules/default-framework.ts";
import { ownSettings } from "./generated/settings.ts";
import type { OwnSetting } from "./own-setting.ts";

const groups = ["Machine", "Training", "Dataset", "Run"];

/** Lists the settings of the command line and of a framework in the order of the help: by group, and in each group those of the framework first. */
export function listAllSettings(
  ofFramework: readonly SettingDeclaration[] = [],
  own: readonly OwnSetting[] = ownSettings,
): readonly OwnSetting[] {
  const place = ({ group, name }: SettingDeclaration) => {
    const at = groups.indexOf(group);
    // The settings of a framework come after the setting that names it.
    if (name === "framework") return at - 0.25;
    // Groups that only a framework has come before the last group.
    return at === -1 ? groups.length - 1.5 : at;
  };
  return [...ofFramework, ...own.map(addDefault)].toSorted((a, b) => place(a) - place(b));
}

/** Adds the default framework to the help. It is not a default in the table, because a plan need not show it. */
function addDefault(setting: OwnSetting): OwnSetting {
  if (setting.name !== "framework") return setting;
  return { ...setting, help: `${setting.help} (default: ${defaultFramework.name})` };
}

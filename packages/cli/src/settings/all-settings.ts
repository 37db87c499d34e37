import type { SettingDeclaration } from "@unitrain/core/spec";
import { defaultFramework } from "../modules/default-framework.ts";
import { ownSettings } from "./generated/settings.ts";
import type { OwnSetting } from "./own-setting.ts";

const groups = ["Machine", "Training", "Dataset", "Run"];

/** Every setting of the command line and those of a framework, by group in the order of the help; in a group the framework's come first. */
export function allSettings(
  ofFramework: readonly SettingDeclaration[] = [],
  own: readonly OwnSetting[] = ownSettings,
): readonly OwnSetting[] {
  const place = ({ group, name }: SettingDeclaration) => {
    const at = groups.indexOf(group);
    // What a framework brings stands below its name.
    if (name === "framework") return at - 0.25;
    // Groups that only a framework has stand before the last one.
    return at === -1 ? groups.length - 1.5 : at;
  };
  return [...ofFramework, ...own.map(withDefault)].toSorted((a, b) => place(a) - place(b));
}

/** The table names no framework. Said in the help only: a plan need not say that it is the usual one. */
function withDefault(setting: OwnSetting): OwnSetting {
  if (setting.name !== "framework") return setting;
  return { ...setting, help: `${setting.help} (default: ${defaultFramework.name})` };
}

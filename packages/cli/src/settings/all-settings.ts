import type { SettingDeclaration } from "@unitrain/core/spec";
import { frameworkSettings } from "./framework-settings.ts";
import { ownSettings } from "./generated/settings.ts";
import type { OwnSetting } from "./own-setting.ts";

const groups = ["Machine", "Training", "Dataset", "Run"];

/** Every setting of the command line and those of a framework, by group in the order of the help; in a group the framework's come first. */
export function allSettings(
  ofFramework: readonly SettingDeclaration[] = frameworkSettings,
  own: readonly OwnSetting[] = ownSettings,
): readonly OwnSetting[] {
  const place = ({ group }: SettingDeclaration) => {
    const at = groups.indexOf(group);
    // Groups that only a framework has stand before the last one.
    return at === -1 ? groups.length - 1.5 : at;
  };
  return [...ofFramework, ...own].toSorted((a, b) => place(a) - place(b));
}

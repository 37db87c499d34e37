import type { SettingDeclaration } from "@unitrain/core/spec";
import { listAllSettings } from "../list-all-settings.ts";
import type { CommandDeclaration, FlagGroup } from "./declaration.ts";

/** Lists the settings that a command accepts as flags, with the help of this command. */
export function listCommandSettings(
  { name }: Pick<CommandDeclaration, "name">,
  settings: readonly SettingDeclaration[] = listAllSettings(),
): readonly SettingDeclaration[] {
  return settings
    .filter(({ flag, commands }) => flag !== undefined && commands.includes(name))
    .map((setting) => wordForCommand(name, setting));
}

/** Groups the flags of a command for its help. */
export function groupSettings(
  command: CommandDeclaration,
  settings?: readonly SettingDeclaration[],
): readonly FlagGroup[] {
  const flags = listCommandSettings(command, settings);
  if (command.isGrouped !== true) return [{ title: "Flags", flags }];
  return [...Map.groupBy(flags, ({ group }) => group)].map(([title, flags]) => ({ title, flags }));
}

function wordForCommand(command: string, { byCommand, ...setting }: SettingDeclaration): SettingDeclaration {
  const own = byCommand?.[command];
  if (own?.help === undefined) return { ...setting, ...own };
  const { default: _, ...rest } = setting;
  return { ...rest, ...own };
}

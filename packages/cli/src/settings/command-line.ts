import { listCommandSettings } from "./declarations/command-settings.ts";
import type { Flags } from "./flags.ts";
import { listAllSettings } from "./list-all-settings.ts";
import type { OwnSetting } from "./own-setting.ts";
import { getFlagKey } from "./setting-names.ts";

/** Returns the command line for the record of a run, without the values of variables and without flags for the display. */
export function formatRecordedCommand(
  words: readonly string[],
  flags: Flags,
  settings?: readonly OwnSetting[],
): string {
  const names = flags.env?.map((written) => written.split("=")[0] ?? "");
  return formatTrainCommand(words, names === undefined ? flags : { ...flags, env: names }, settings);
}

/** Returns the shell command that trains with these words and flags. */
export function formatTrainCommand(
  words: readonly string[],
  flags: Flags,
  settings: readonly OwnSetting[] = listAllSettings(),
): string {
  const recorded = settings.filter(({ isRecorded }) => isRecorded !== false);
  const written = listCommandSettings({ name: "train" }, recorded).flatMap((setting) => {
    const { flag } = setting;
    const value = flags[getFlagKey(setting)];
    if (value === undefined) return [];
    if (value === false) return [`--no-${flag}`];
    if (value === true) return [`--${flag}`];
    return [value].flat().flatMap((each) => [`--${flag}`, String(each)]);
  });
  return ["unitrain", "train", ...words, ...written].map(quoteWord).join(" ");
}

function quoteWord(word: string): string {
  return /^[\w./:=,@+~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

import { UnitrainError } from "@unitrain/core/spec";
import { argumentChoices, parseOptions, trainArguments } from "@unitrain/framework-yolo";

/** All settings of the training, as they stand before a `=`. */
export function settingNames(): readonly string[] {
  return Object.keys(trainArguments);
}

/** The setting that is meant by a name, also by one that other trainers have for it; undefined when it is none. */
export function settingNamed(name: string): string | undefined {
  if (name === "data" || Object.hasOwn(trainArguments, name)) return name;
  try {
    parseOptions([`${name}=1`]);
    return name;
  } catch (error) {
    return UnitrainError.isInstance(error) ? /^Did you mean (\w+)\?/.exec(error.hint ?? "")?.[1] : undefined;
  }
}

/** Values that a setting can have; none where they are no list. */
export const settingValues = argumentChoices;

import { UnitrainError } from "@unitrain/core/spec";

/** Loaded when a setting is asked for. */
const framework = () => import("@unitrain/framework-yolo");

/** All settings of the training, as they stand before a `=`. */
export async function settingNames(): Promise<readonly string[]> {
  return [...Object.keys((await framework()).trainArguments), "trainer", "validator"];
}

/** The setting that is meant by a name, also by one that other trainers have for it; undefined when it is none. */
export async function settingNamed(name: string): Promise<string | undefined> {
  const { parseOptions, trainArguments } = await framework();
  if (name === "data" || Object.hasOwn(trainArguments, name)) return name;
  try {
    parseOptions([`${name}=1`]);
    return name;
  } catch (error) {
    return UnitrainError.isInstance(error) ? /^Did you mean (\w+)\?/.exec(error.hint ?? "")?.[1] : undefined;
  }
}

/** Values that a setting can have; none where they are no list. */
export async function settingValues(name: string): Promise<readonly string[]> {
  return (await framework()).listArgumentChoices(name);
}

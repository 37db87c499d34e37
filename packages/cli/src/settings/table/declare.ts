import type { OwnSetting } from "../own-setting.ts";
import type { Entries, Entry } from "./entry.ts";
import { describeValue } from "./value-types.ts";

/** Converts the settings of a table to plain data without zod types. */
export function createDeclarations(entries: Entries): readonly OwnSetting[] {
  return Object.entries(entries).map(([name, entry]) => createDeclaration(name, entry));
}

function createDeclaration(name: string, { type, flag, config, ...entry }: Entry): OwnSetting {
  const { kind, expected, choices, isRepeatable } = describeValue(type);
  return {
    name,
    ...(flag === undefined ? {} : parseFlag(flag)),
    ...(config === undefined ? {} : { configKey: config, expected }),
    kind,
    ...(choices === undefined ? {} : { choices, completes: choices }),
    ...(isRepeatable === undefined ? {} : { isRepeatable }),
    ...entry,
  };
}

/** Parses a flag such as `-y, --yes` or `--max-hours <hours>`. */
function parseFlag(written: string): Pick<OwnSetting, "flag" | "short" | "placeholder"> {
  const [, short, flag = "", placeholder] = /^(?:-(\w), )?--([\w-]+)(?: (<.+>))?$/.exec(written) ?? [];
  if (flag === "") throw new TypeError(`${JSON.stringify(written)} is not a flag.`);
  return {
    flag,
    ...(short === undefined ? {} : { short }),
    ...(placeholder === undefined ? {} : { placeholder }),
  };
}

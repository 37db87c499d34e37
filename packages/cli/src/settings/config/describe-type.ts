import type { SettingDeclaration, SettingKind } from "@unitrain/core/spec";
import type * as z from "zod/mini";
import * as types from "../table/value-types.ts";

/** Returns the zod type of a framework's setting in the configuration, which follows from its kind. */
export function describeType({ kind, choices = [], isRepeatable }: SettingDeclaration): z.core.$ZodType {
  const [first, ...others] = choices;
  const type = first === undefined ? byKind[kind]() : types.choice([first, ...others]);
  return isRepeatable === true && kind !== "variables" ? types.list(type, "") : type;
}

const byKind: Readonly<Record<SettingKind, () => z.core.$ZodType>> = {
  switch: types.onOff,
  text: types.text,
  path: () => types.path(""),
  "positive-number": types.positiveNumber,
  "positive-integer": types.positiveInteger,
  integer: () => types.integer("none"),
  size: types.size,
  variables: types.variables,
  object: () => types.object("object", ""),
};

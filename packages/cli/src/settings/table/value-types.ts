import type { SettingKind } from "@unitrain/core/spec";
import * as z from "zod/mini";
import { parseSize } from "../parse-size.ts";

/** What the generated table says of a type, since it is read without zod. */
export interface TypeDescription {
  readonly kind: SettingKind;
  /** What a configured value should be, completing "maxHours must be …". */
  readonly expected: string;
  /** The type in TypeScript, for {@link UnitrainConfig}. */
  readonly typescript: string;
  readonly choices?: readonly string[];
  readonly isRepeatable?: boolean;
}

const descriptions = z.registry<TypeDescription>();

/** Describes a type of the table. */
export function describeValue(type: z.core.$ZodType): TypeDescription {
  const description = descriptions.get(type);
  if (description === undefined) throw new TypeError("A setting's type must be one of value-types.ts.");
  return description;
}

function describe<Type extends z.core.$ZodType>(type: Type, description: TypeDescription): Type {
  descriptions.add(type, description);
  return type;
}

const nonEmpty = () => z.string().check(z.refine((value) => value.trim() !== ""));

/** A text; `expected` shows one: `text: "H100"`. */
export const text = (expected = "text") =>
  describe(nonEmpty(), { kind: "text", expected, typescript: "string" });

/** A path, relative to the working folder on the command line and to the configuration file in there. */
export const path = (expected: string) =>
  describe(nonEmpty(), { kind: "path", expected, typescript: "string" });

/** A number above 0; `unit` says of what: `dollars in all`. */
export const positiveNumber = (unit?: string) =>
  describe(z.number().check(z.positive()), {
    kind: "positive-number",
    expected: `a number above 0${unit === undefined ? "" : `: ${unit}`}`,
    typescript: "number",
  });

export const positiveInteger = () =>
  describe(z.int().check(z.positive()), {
    kind: "positive-integer",
    expected: "a whole number above 0",
    typescript: "number",
  });

/** A whole number from 0 on; `zero` says what 0 means. */
export const integer = (zero: string) =>
  describe(z.int().check(z.nonnegative()), {
    kind: "integer",
    expected: `a whole number; 0 for ${zero}`,
    typescript: "number",
  });

/** A size with a unit; on the command line and in code it is a number of bytes. */
export const size = () =>
  describe(z.string().check(z.refine((value) => parseSize(value) !== undefined)), {
    kind: "size",
    expected: 'a size: "20GB"',
    typescript: "string",
  });

export const onOff = () =>
  describe(z.boolean(), { kind: "switch", expected: "true or false", typescript: "boolean" });

export const choice = <const Choices extends readonly [string, ...string[]]>(choices: Choices) =>
  describe(z.enum(choices), {
    kind: "text",
    expected: choices.map((name) => JSON.stringify(name)).join(" or "),
    typescript: choices.map((name) => JSON.stringify(name)).join(" | "),
    choices,
  });

/** Several values of a type: one of them or a list in the configuration, a repeatable flag on the command line. */
export function list<Item extends z.core.$ZodType>(item: Item, expected: string) {
  const { kind, typescript, choices } = describeValue(item);
  return describe(z.union([item, z.readonly(z.array(item))]), {
    kind,
    expected,
    typescript: `${typescript} | readonly ${/\|/.test(typescript) ? `(${typescript})` : typescript}[]`,
    ...(choices === undefined ? {} : { choices }),
    isRepeatable: true,
  });
}

/** Variables with their values. */
export const variables = () =>
  describe(z.readonly(z.record(z.string(), z.string())), {
    kind: "variables",
    expected: 'an object of texts: { OMP_NUM_THREADS: "4" }',
    typescript: "Readonly<Record<string, string>>",
    isRepeatable: true,
  });

/** What only code can make: an adapter, a list of plugins. `typescript` is the name of its type. */
export const object = <Value>(typescript: string, expected: string) =>
  describe(z.custom<Value>(isObject), { kind: "object", expected, typescript });

export const objects = <Value>(typescript: string, expected: string) =>
  describe(
    z.custom<readonly Value[]>((value) => Array.isArray(value) && value.every(isObject)),
    { kind: "object", expected, typescript: `readonly ${typescript}[]` },
  );

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { SettingKind } from "@unitrain/core/spec";
import * as z from "zod/mini";
import { parseSize } from "../parse-size.ts";

/** The description of a type in the generated table, which is read without zod. */
export interface TypeDescription {
  readonly kind: SettingKind;
  /** The expected value, which completes the sentence "maxHours must be …". */
  readonly expected: string;
  /** The TypeScript type, for {@link UnitrainConfig}. */
  readonly typescript: string;
  readonly choices?: readonly string[];
  readonly isRepeatable?: boolean;
}

const descriptions = z.registry<TypeDescription>();

/** Returns the description of a type in the table. */
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

/** A non-empty text. `expected` shows an example: `text: "H100"`. */
export const text = (expected = "text") =>
  describe(nonEmpty(), { kind: "text", expected, typescript: "string" });

/** A path. It is relative to the working folder on the command line, and to the configuration file in a configuration. */
export const path = (expected: string) =>
  describe(nonEmpty(), { kind: "path", expected, typescript: "string" });

/** A number above 0. `unit` describes it: `dollars in all`. */
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

/** A whole number of at least 0. `zero` says what 0 means. */
export const integer = (zero: string) =>
  describe(z.int().check(z.nonnegative()), {
    kind: "integer",
    expected: `a whole number; 0 for ${zero}`,
    typescript: "number",
  });

/** A size with a unit. It is converted to a number of bytes. */
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

/** Several values of a type: a value or a list in the configuration, and a repeatable flag on the command line. */
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

/** Environment variables with their values. */
export const variables = () =>
  describe(z.readonly(z.record(z.string(), z.string())), {
    kind: "variables",
    expected: 'an object of texts: { OMP_NUM_THREADS: "4" }',
    typescript: "Readonly<Record<string, string>>",
    isRepeatable: true,
  });

/** A value that only code can create, such as an adapter. `typescript` is the name of its type. */
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

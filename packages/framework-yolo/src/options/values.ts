import { z } from "zod";
import type { ArgumentKind } from "./arguments.ts";
import { scalar } from "./scalar.ts";

const text = z.string().min(1);
const flag = z.boolean();
const number = z.number();
const wholeNumber = z.number().int();
const numbers = z.array(number);

const batchMessage = "a whole number of 1 or more, -1 for automatic, or a fraction of the GPU's memory";

/** Those of `torch.compile`. */
const compileModes = ["default", "reduce-overhead", "max-autotune", "max-autotune-no-cudagraphs"];

const classIds = z.array(wholeNumber.min(0)).min(1);

const schemas: Readonly<Record<ArgumentKind, z.ZodType>> = {
  text,
  split: z.string().regex(/^[\w-]+$/),
  cache: z.union([flag, z.string().regex(/^(?:ram|disk)$/i)]),
  compile: z.union([flag, z.enum(compileModes)]),
  "class-ids": z.preprocess(listed, z.union([wholeNumber.min(0), classIds])),
  flag,
  integer: wholeNumber,
  count: wholeNumber.min(0),
  positive: wholeNumber.min(1),
  number,
  fraction: number.min(0).max(1),
  batch: number.refine((n) => n === -1 || (n > 0 && n < 1) || (n >= 1 && Number.isInteger(n)), batchMessage),
  pixels: z.union([wholeNumber.min(1), z.array(wholeNumber.min(1)).min(1).max(2)]),
  "flag-or-number": z.union([flag, number]),
  "flag-or-text": z.union([flag, text]),
  "number-or-list": z.union([number, numbers]),
  device: z.union([wholeNumber, text, z.array(z.union([wholeNumber, text])).min(1)]),
  any: z.union([number, flag, text, z.array(z.union([number, text]))]),
};

/** What each kind wants, for the message. */
const wanted: Readonly<Record<ArgumentKind, string>> = {
  text: "text",
  split: "the name of a split: train, val or test",
  cache: "True, False, ram or disk",
  compile: `True, False or one of ${compileModes.join(", ")}`,
  "class-ids": "class ids, counted from 0: `[0, 2]`",
  flag: "True or False",
  integer: "a whole number",
  count: "a whole number of 0 or more",
  positive: "a whole number of 1 or more",
  number: "a number",
  fraction: "a number from 0 to 1",
  batch: batchMessage,
  pixels: "a whole number of pixels of 1 or more",
  "flag-or-number": "a number, or True or False",
  "flag-or-text": "True, False or text",
  "number-or-list": "a number, or a list of numbers",
  device: "cpu, 0 or 0,1",
  any: "a number, text or a list",
};

/** The schema of one argument: text is first read as Ultralytics' command line reads it. */
export function valueSchema(kind: ArgumentKind, noneAllowed: boolean): z.ZodType {
  const read =
    kind === "text" || kind === "split"
      ? z.preprocess(plainText, schemas[kind])
      : z.preprocess(readText(kind), schemas[kind]);
  return noneAllowed ? z.preprocess(readNone, z.union([z.null(), read])) : read;
}

export const wantedValue = (kind: ArgumentKind): string => wanted[kind];

/** `0,2` is a list to Python. */
function listed(value: unknown): unknown {
  return typeof value === "string" && /^\s*\d+(?:\s*,\s*\d+)+\s*,?\s*$/.test(value)
    ? value
        .split(",")
        .filter((part) => part.trim() !== "")
        .map(Number)
    : value;
}

const plainText = (value: unknown) => (typeof value === "number" ? String(value) : value);

const readNone = (value: unknown) =>
  typeof value === "string" && /^none$/i.test(value.trim()) ? null : value;

/** Command lines say 0 and 1 for flags too, and `1e2` for a whole number. */
function readText(kind: ArgumentKind) {
  return (value: unknown) => {
    const read = typeof value === "string" ? scalar(value) : value;
    if (kind === "flag" && (read === 0 || read === 1)) return read === 1;
    return read;
  };
}

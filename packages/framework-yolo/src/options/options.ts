import { UnitrainError } from "@unitrain/core/spec";
import { z } from "zod";
import { isTrainArgument, mayBeNone, type TrainArgument, trainArguments } from "./arguments.ts";
import { refusal } from "./refused.ts";
import type { ArgumentValue } from "./scalar.ts";
import { suggest } from "./suggest.ts";
import { type Task, taskOf } from "./task.ts";
import { valueSchema, wantedValue } from "./values.ts";

type Flag = boolean | "True" | "False" | "true" | "false";
type Numeric = number | `${number}`;
interface ValueOf {
  readonly text: string;
  readonly flag: Flag;
  readonly integer: Numeric;
  readonly count: Numeric;
  readonly positive: Numeric;
  readonly number: Numeric;
  readonly fraction: Numeric;
  readonly batch: Numeric;
  readonly pixels: Numeric | readonly number[];
  readonly "flag-or-number": boolean | Numeric;
  readonly "flag-or-text": boolean | string;
  readonly "number-or-list": Numeric | readonly number[];
  readonly device: number | string | readonly (number | string)[];
  readonly any: ArgumentValue;
}

/**
 * The arguments of `yolo train`, under Ultralytics' own names, and which Ultralytics to train with. What is left out is
 * left to Ultralytics, `model` (`yolo11n.pt`) apart.
 */
export type YoloOptions = {
  readonly [Name in TrainArgument]?: ValueOf[(typeof trainArguments)[Name]] | null | undefined;
} & {
  /** Of Ultralytics: `8.4.190`. Without it the newest one, or what a machine already has. */
  readonly version?: string | undefined;
};

/** Options that have been checked: typed values, sorted out. */
export interface CheckedOptions {
  readonly version: string | undefined;
  readonly task: Task;
  readonly model: string;
  /** Everything else for `yolo train`, in the order it was given. */
  readonly arguments: Readonly<Record<string, ArgumentValue>>;
}

const versionSchema = z.string().regex(/^\d+\.\d+\.\d+(?:[.\w]*)$/);
const knownKeys = [...Object.keys(trainArguments), "version"];

/** Checks names and values. Throws `INVALID_OPTIONS` that names the first wrong one. */
export function checkOptions(given: YoloOptions): CheckedOptions {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new UnitrainError("INVALID_OPTIONS", "yolo() takes an object of options.", {
      hint: "For example: yolo({ model: 'yolo11n.pt', epochs: 50 }).",
    });
  }
  const checked: Record<string, ArgumentValue> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    checked[key] = key === "version" ? checkVersion(value) : checkArgument(key, value);
  }
  const { version, task, model, ...rest } = checked;
  return {
    version: version === undefined ? undefined : String(version),
    task: taskOf(task, model),
    model: model === undefined ? "yolo11n.pt" : String(model),
    arguments: rest,
  };
}

function checkArgument(key: string, value: unknown): ArgumentValue {
  if (!isTrainArgument(key)) throw unknownKey(key);
  const kind = trainArguments[key];
  const result = valueSchema(kind, mayBeNone.has(key)).safeParse(value);
  if (result.success) return result.data as ArgumentValue;
  throw new UnitrainError("INVALID_OPTIONS", `${key} is ${shown(value)}, but must be ${wantedValue(kind)}.`, {
    hint: `Write it as Ultralytics takes it, or leave it out: \`${key}=…\`.`,
  });
}

function checkVersion(value: unknown): string {
  const result = versionSchema.safeParse(value);
  if (result.success) return result.data;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `version is ${shown(value)}, which is no version of Ultralytics.`,
    {
      hint: "Write it like 8.4.190, or leave it out for the newest.",
    },
  );
}

function unknownKey(key: string): UnitrainError {
  const refused = refusal(key);
  if (refused !== undefined) {
    return new UnitrainError("INVALID_OPTIONS", `${key} cannot be set: ${refused.reason}.`, {
      hint: refused.instead,
    });
  }
  const meant = suggest(key, knownKeys);
  return new UnitrainError("INVALID_OPTIONS", `${key} is no argument of \`yolo train\`.`, {
    hint:
      meant === undefined ? "Names are those of Ultralytics' own train settings." : `Did you mean ${meant}?`,
  });
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80);

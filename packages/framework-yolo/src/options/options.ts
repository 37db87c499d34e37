import { UnitrainError } from "@unitrain/core/spec";
import { isTrainArgument, mayBeNone, type TrainArgument, trainArguments } from "./arguments.ts";
import { checkForVersion } from "./check-for-version.ts";
import { refuseConflicts } from "./conflicts.ts";
import { getDefaultModel } from "./default-model.ts";
import { checkOwnCode } from "./own-code.ts";
import { checkPackages, includesUltralytics } from "./packages.ts";
import { findRefusal } from "./refused-arguments.ts";
import type { ArgumentValue } from "./scalar.ts";
import { suggest } from "./suggest.ts";
import { chooseTask } from "./task.ts";
import type { Task } from "./tasks.ts";
import { checkTrack, type Tracker } from "./track.ts";
import { findUnusedArguments } from "./unused-arguments.ts";
import { describeExpected, readValue } from "./values.ts";
import { checkVersion, testedVersion } from "./version.ts";

type Flag = boolean | "True" | "False" | "true" | "false";
type Numeric = number | `${number}`;
interface ValueByKind {
  readonly text: string;
  readonly split: string;
  readonly cache: boolean | string;
  readonly compile: boolean | string;
  readonly "class-ids": Numeric | readonly number[];
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
 * Options of `yolo()`: the arguments of `yolo train` under Ultralytics' own names, and unitrain's additions. Arguments
 * that are absent get Ultralytics' defaults, except for `model`, which defaults to the smallest pretrained model of the
 * task.
 *
 * @example
 * ```ts
 * import type { YoloOptions } from "@unitrain/framework-yolo";
 *
 * const options: YoloOptions = { model: "yolo11s.pt", epochs: 100, imgsz: 640, pip: ["albumentations"], track: ["wandb"] };
 * ```
 */
export type YoloOptions = {
  readonly [Name in TrainArgument]?: ValueByKind[(typeof trainArguments)[Name]] | null | undefined;
} & {
  /**
   * Version of Ultralytics: `8.4.190`, or `latest` for the newest at the time when the environment is installed.
   * Defaults to the newest version that unitrain is tested with.
   */
  readonly version?: string | undefined;
  /**
   * Additional packages or forks to install, in the form that `pip install` takes: `["albumentations",
   * "git+https://…"]`.
   */
  readonly pip?: readonly string[] | undefined;
  /** Folder on this computer with your own code. It is uploaded with the data and is on the training's `PYTHONPATH`. */
  readonly code?: string | undefined;
  /**
   * Files in that folder that appear to contain credentials but are uploaded anyway, by their path in it:
   * `["config/.env"]`.
   */
  readonly codeInclude?: readonly string[] | undefined;
  /** Class in that folder, or in a package, that replaces Ultralytics' trainer: `mypkg.module.MyTrainer`. */
  readonly trainer?: string | undefined;
  /** Class that replaces Ultralytics' validator. */
  readonly validator?: string | undefined;
  /**
   * Python file with functions named like Ultralytics' callbacks (`on_train_epoch_end`), and optionally
   * `build_augmentations`.
   */
  readonly callbacks?: string | undefined;
  /** Treats warnings about the dataset as errors. */
  readonly strict?: boolean | undefined;
  /** Skips damaged images even when they make up more than 1 % of the dataset. */
  readonly skipBad?: boolean | undefined;
  /** Trackers to enable. They log in with the run's own environment variables. */
  readonly track?: readonly Tracker[] | undefined;
};

/** Options after validation: parsed values, grouped by use. */
export interface CheckedOptions {
  /** `8.4.190` or `latest`. */
  readonly version: string;
  /** The user set the version. */
  readonly isVersionSet: boolean;
  readonly task: Task;
  readonly model: string;
  /** Sorted, without duplicates. */
  readonly pip: readonly string[];
  /** A folder, as it was given. */
  readonly code: string | undefined;
  readonly codeInclude: readonly string[];
  readonly trainer: string | undefined;
  readonly validator: string | undefined;
  /** A file, as it was given. */
  readonly callbacks: string | undefined;
  readonly track: readonly Tracker[];
  /** `exist_ok=True`: existing results in the folder may be overwritten. */
  readonly overwrites: boolean;
  readonly strict: boolean;
  readonly skipBad: boolean;
  /** The other arguments for `yolo train`, in the order in which they were set. */
  readonly arguments: Readonly<Record<string, ArgumentValue>>;
  /** One sentence for each argument that the version may reject. */
  readonly warnings: readonly string[];
}

/** Options of unitrain, in addition to the arguments of Ultralytics. */
const unitrainKeys = [
  ...["version", "pip", "code", "codeInclude", "trainer", "validator", "callbacks"],
  ...["track", "strict", "skipBad"],
];
const allKeys = [...Object.keys(trainArguments), ...unitrainKeys];

/** Checks names, values and combinations. Throws `INVALID_OPTIONS` that names the first invalid option. */
export function checkOptions(options: YoloOptions): CheckedOptions {
  const { task: namedTask, model, exist_ok: overwrites = false, ...rest } = checkEach(options);
  const task = chooseTask(namedTask, model);
  refuseConflicts(rest);
  const pip = options.pip === undefined ? [] : checkPackages(options.pip);
  const version = options.version === undefined ? testedVersion : checkVersion(options.version);
  // A fork may have any version.
  const checked = checkForVersion(
    rest,
    includesUltralytics(pip) && options.version === undefined ? "latest" : version,
  );
  return {
    version,
    isVersionSet: options.version !== undefined,
    task,
    model: model === undefined ? getDefaultModel(task, version) : String(model),
    pip,
    code: options.code === undefined ? undefined : checkCode(options.code),
    codeInclude: options.codeInclude === undefined ? [] : checkPaths(options.codeInclude),
    ...checkOwnCode(options),
    track: options.track === undefined ? [] : checkTrack(options.track),
    strict: checkSwitch("strict", options.strict),
    skipBad: checkSwitch("skipBad", options.skipBad),
    overwrites: overwrites === true,
    arguments: checked.arguments,
    warnings: [...checked.warnings, ...findUnusedArguments(rest, task)],
  };
}

/**
 * Checks each argument of `yolo train` alone, because others may come from a configuration file. Throws
 * `INVALID_OPTIONS`.
 */
export function checkEach(options: YoloOptions): Record<string, ArgumentValue> {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new UnitrainError("INVALID_OPTIONS", "yolo() takes an object of options.", {
      hint: "For example: yolo({ model: 'yolo11n.pt', epochs: 50 }).",
    });
  }
  const checked: Record<string, ArgumentValue> = {};
  for (const [key, value] of Object.entries(options))
    if (value !== undefined && !unitrainKeys.includes(key)) checked[key] = checkArgument(key, value);
  return checked;
}

function checkCode(value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new UnitrainError("INVALID_OPTIONS", `code is ${formatValue(value)}, but must name a folder.`, {
    hint: "Name the folder with your own Python code: `code: './src'`.",
  });
}

function checkSwitch(key: string, value: unknown): boolean {
  if (value === undefined || typeof value === "boolean") return value === true;
  throw new UnitrainError("INVALID_OPTIONS", `${key} is ${formatValue(value)}, but must be true or false.`);
}

function checkPaths(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((path) => typeof path === "string" && path.trim() !== ""))
    return value.map((path: string) => path.replaceAll("\\", "/").replace(/^\.\//, ""));
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `codeInclude is ${formatValue(value)}, but must be a list of paths.`,
    {
      hint: "Name files by their paths in the folder of `code`: `codeInclude: ['config/.env']`.",
    },
  );
}

function checkArgument(key: string, value: unknown): ArgumentValue {
  if (!isTrainArgument(key)) throw createUnknownKeyError(key);
  const kind = trainArguments[key];
  const read = readValue(kind, mayBeNone.has(key), value);
  if (read !== undefined) return read.value;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `${key} is ${formatValue(value)}, but must be ${describeExpected(kind)}.`,
    {
      hint: `Write it as Ultralytics takes it, or leave it out: \`${key}=…\`.`,
    },
  );
}

function createUnknownKeyError(key: string): UnitrainError {
  const refused = findRefusal(key);
  if (refused !== undefined) {
    return new UnitrainError("INVALID_OPTIONS", `${key} cannot be set: ${refused.reason}.`, {
      hint: refused.instead,
    });
  }
  const suggestion = suggest(key, allKeys);
  return new UnitrainError("INVALID_OPTIONS", `${key} is not an argument of \`yolo train\`.`, {
    hint:
      suggestion === undefined
        ? "Use the names of Ultralytics' train settings."
        : `Did you mean ${suggestion}?`,
  });
}

const formatValue = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80);

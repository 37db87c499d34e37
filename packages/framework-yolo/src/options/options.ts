import { UnitrainError } from "@unitrain/core/spec";
import { isTrainArgument, mayBeNone, type TrainArgument, trainArguments } from "./arguments.ts";
import { checkForVersion } from "./check-for-version.ts";
import { refuseConflicts } from "./conflicts.ts";
import { defaultModel } from "./default-model.ts";
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
 * The arguments of `yolo train`, under Ultralytics' own names, and what is brought along for it. What is left out is left
 * to Ultralytics, `model` (the smallest pretrained one of the task) apart.
 */
export type YoloOptions = {
  readonly [Name in TrainArgument]?: ValueByKind[(typeof trainArguments)[Name]] | null | undefined;
} & {
  /** Of Ultralytics: `8.4.190`, or `latest`, which is what is newest when the environment is made. Without it the newest that unitrain is tested with. */
  readonly version?: string | undefined;
  /** Packages and forks for the training's environment, as `pip install` takes them: `["albumentations", "git+https://…"]`. */
  readonly pip?: readonly string[] | undefined;
  /** A folder of this computer with the user's own code: it travels with the data, and is on the training's `PYTHONPATH`. */
  readonly code?: string | undefined;
  /** Files of that folder that look as if they held credentials and are shipped all the same, by their paths in it: `["config/.env"]`. */
  readonly codeInclude?: readonly string[] | undefined;
  /** A class of that folder, or of a package, that trains instead of Ultralytics' own: `mypkg.module.MyTrainer`. */
  readonly trainer?: string | undefined;
  /** The same for the validator. */
  readonly validator?: string | undefined;
  /** A file of Python functions named as Ultralytics' callbacks (`on_train_epoch_end`), and perhaps `build_augmentations`. */
  readonly callbacks?: string | undefined;
  /** Refuses the dataset for what is only a warning otherwise. */
  readonly strict?: boolean | undefined;
  /** Leaves damaged images out, also when they are more than 1 % of the dataset. */
  readonly skipBad?: boolean | undefined;
  /** Trackers to switch on; the variables that they log in with are the run's own. */
  readonly track?: readonly Tracker[] | undefined;
};

/** Options that have been checked: typed values, sorted out. */
export interface CheckedOptions {
  /** `8.4.190` or `latest`. */
  readonly version: string;
  /** The version was named by the user. */
  readonly versionNamed: boolean;
  readonly task: Task;
  readonly model: string;
  /** Sorted, each once. */
  readonly pip: readonly string[];
  /** A folder, as it was given. */
  readonly code: string | undefined;
  readonly codeInclude: readonly string[];
  readonly trainer: string | undefined;
  readonly validator: string | undefined;
  /** A file, as it was given. */
  readonly callbacks: string | undefined;
  readonly track: readonly Tracker[];
  /** `exist_ok=True`: results that are in the folder already may be overwritten. */
  readonly overwrites: boolean;
  readonly strict: boolean;
  readonly skipBad: boolean;
  /** Everything else for `yolo train`, in the order it was given. */
  readonly arguments: Readonly<Record<string, ArgumentValue>>;
  /** What the version may not take, a sentence each. */
  readonly warnings: readonly string[];
}

/** What is ours beside the arguments of Ultralytics. */
const unitrainKeys = [
  ...["version", "pip", "code", "codeInclude", "trainer", "validator", "callbacks"],
  ...["track", "strict", "skipBad"],
];
const allKeys = [...Object.keys(trainArguments), ...unitrainKeys];

/** Checks names and values, and that they go together. Throws `INVALID_OPTIONS` that names the first wrong one. */
export function checkOptions(options: YoloOptions): CheckedOptions {
  const { task: namedTask, model, exist_ok: overwrites = false, ...rest } = checkEach(options);
  const task = chooseTask(namedTask, model);
  refuseConflicts(rest);
  const pip = options.pip === undefined ? [] : checkPackages(options.pip);
  const version = options.version === undefined ? testedVersion : checkVersion(options.version);
  // A fork may be of any version.
  const checked = checkForVersion(
    rest,
    includesUltralytics(pip) && options.version === undefined ? "latest" : version,
  );
  return {
    version,
    versionNamed: options.version !== undefined,
    task,
    model: model === undefined ? defaultModel(task, version) : String(model),
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

/** The arguments of `yolo train` among them, each for itself: others may come from elsewhere. Throws `INVALID_OPTIONS`. */
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
        ? "Names are those of Ultralytics' own train settings."
        : `Did you mean ${suggestion}?`,
  });
}

const formatValue = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80);

import { resolve } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import { checkGlob } from "./globs.ts";
import { type Metric, parseMetric } from "./metrics.ts";
import { compilePattern, type Pattern } from "./patterns.ts";

/** Options of {@link script}. */
export interface ScriptOptions {
  /**
   * The command that trains, as you type it in a shell: `python train.py --data {data}`. `{data}`, `{output}` and `{checkpoint}` stand
   * for paths on the machine.
   */
  command: string;
  /** The folder of your code, which the command runs in a copy of. By default the current folder. */
  code?: string | undefined;
  /** Files of it that look like credentials and are uploaded all the same, by their paths in it. */
  codeInclude?: readonly string[] | undefined;
  /**
   * What to install: a `requirements.txt`, `pyproject.toml` or `uv.lock` in the folder of the code, or `none` to use the machine's own
   * Python. By default the first of `uv.lock`, `requirements.txt` and `pyproject.toml` that exists.
   */
  requirements?: string | undefined;
  /** Further packages, as `pip install` takes them. */
  pip?: readonly string[] | undefined;
  /** The version of Python: `3.12`. By default that of `.python-version` or `pyproject.toml`, else the machine's own. */
  python?: string | undefined;
  /** Globs of the files to download, relative to the folder that the command runs in or to the output folder. */
  artifact?: string | readonly string[] | undefined;
  /** The one of them that is the model. By default the last that was written. */
  best?: string | undefined;
  /** Regular expressions that find metrics in the log, or names of metrics in the progress file. The first one decides. */
  metric?: string | readonly string[] | undefined;
  /** Whether more or less of the first metric is better. By default a loss or an error is better lower, and all else higher. */
  better?: "higher" | "lower" | undefined;
  /** A regular expression that finds the number of the epoch, and of all epochs, in a line of the log. */
  epoch?: string | undefined;
  /** The same for a training that counts steps. */
  step?: string | undefined;
  /** The number of the first epoch or step: 0 or 1. By default 0 if a 0 is seen. */
  countFrom?: 0 | 1 | undefined;
  /** A file of JSON lines that the command writes its progress to. The file in UNITRAIN_PROGRESS is always read. */
  progressFile?: string | undefined;
  /** Globs of the checkpoints that the training can be continued from. */
  checkpoint?: string | readonly string[] | undefined;
  /** The command that continues from `{checkpoint}`. */
  resumeCommand?: string | undefined;
  /** A checkpoint on this computer, a file or a folder, to begin from. */
  resumeFrom?: string | undefined;
}

/** Checked options. */
export interface CheckedOptions {
  readonly command: string;
  /** An absolute path. */
  readonly code: string;
  readonly codeInclude: readonly string[];
  readonly requirements: string | undefined;
  readonly pip: readonly string[];
  readonly python: string | undefined;
  readonly artifact: readonly string[];
  readonly best: string | undefined;
  readonly metrics: readonly Metric[];
  readonly better: "higher" | "lower" | undefined;
  readonly position: { readonly unit: "epoch" | "step"; readonly pattern: Pattern } | undefined;
  readonly countFrom: 0 | 1 | undefined;
  readonly progressFile: string | undefined;
  readonly checkpoint: readonly string[];
  readonly resumeCommand: string | undefined;
  /** An absolute path. */
  readonly resumeFrom: string | undefined;
}

const text = z.string().trim().min(1, "must not be empty");
const list = z.union([text.transform((value) => [value]), z.array(text)]).optional();

const schema = z.strictObject({
  command: text,
  code: text.optional(),
  codeInclude: list,
  requirements: text.optional(),
  pip: list,
  python: text.regex(/^[\w.,<>=!~* -]+$/, "must be a version such as 3.12").optional(),
  artifact: list,
  best: text.optional(),
  metric: list,
  better: z.enum(["higher", "lower"]).optional(),
  epoch: text.optional(),
  step: text.optional(),
  countFrom: z.coerce
    .number()
    .pipe(z.union([z.literal(0), z.literal(1)], "must be 0 or 1"))
    .optional(),
  progressFile: text.optional(),
  checkpoint: list,
  resumeCommand: text.optional(),
  resumeFrom: text.optional(),
});

/** Checks all options. Throws `INVALID_OPTIONS` that names the first invalid one. */
export function checkOptions(options: ScriptOptions): CheckedOptions {
  const result = schema.safeParse(options);
  if (!result.success) throw createInvalidError(options, result.error);
  const { metric = [], epoch, step, artifact = [], checkpoint = [], ...checked } = result.data;
  if (epoch !== undefined && step !== undefined)
    throw invalid("epoch and step are both set.", "Leave one out: a training counts epochs or steps.");
  const globs = { artifact, checkpoint };
  for (const [name, patterns] of Object.entries(globs)) for (const glob of patterns) checkGlob(name, glob);
  for (const name of ["best", "progressFile"] as const)
    if (checked[name] !== undefined) checkGlob(name, checked[name]);
  checkResuming(checked);
  return {
    ...emptyOptions,
    ...checked,
    ...globs,
    code: resolve(checked.code ?? "."),
    codeInclude: (checked.codeInclude ?? []).map((path) => path.replaceAll("\\", "/").replace(/^\.\//, "")),
    pip: checked.pip ?? [],
    metrics: metric.flatMap(parseMetric),
    position: checkPosition("epoch", epoch) ?? checkPosition("step", step),
    resumeFrom: checked.resumeFrom === undefined ? undefined : resolve(checked.resumeFrom),
  };
}

const emptyOptions = {
  requirements: undefined,
  python: undefined,
  best: undefined,
  better: undefined,
  countFrom: undefined,
  progressFile: undefined,
  resumeCommand: undefined,
};

function checkPosition(unit: "epoch" | "step", source: string | undefined): CheckedOptions["position"] {
  if (source === undefined) return undefined;
  const pattern = compilePattern(unit, source);
  if (pattern.groups === 0)
    throw invalid(
      `${unit} is ${JSON.stringify(source)}, which has no group.`,
      `Put the number into parentheses: "${unit} (\\d+)/(\\d+)".`,
    );
  return { unit, pattern };
}

function checkResuming({
  command,
  resumeCommand,
  resumeFrom,
}: {
  readonly command: string;
  readonly resumeCommand?: string | undefined;
  readonly resumeFrom?: string | undefined;
}): void {
  const resuming = resumeCommand ?? command;
  if (/\{checkpoint\}|\bUNITRAIN_CHECKPOINT\b/.test(resuming)) {
    if (resumeCommand !== undefined || resumeFrom !== undefined) return;
    throw invalid(
      "The command needs {checkpoint}, but there is none to begin from.",
      "Name it with resumeFrom (--resume-from), or put the command into resumeCommand (--resume-command).",
    );
  }
  if (resumeCommand !== undefined)
    throw invalid(
      "resumeCommand does not say where the checkpoint goes.",
      "Write {checkpoint} in it: `python train.py --resume {checkpoint}`.",
    );
}

function createInvalidError(options: unknown, { issues: [issue] }: z.ZodError): UnitrainError {
  if (typeof options !== "object" || options === null || (options as ScriptOptions).command === undefined)
    return invalid("No command was named.", "Say what trains: --command 'python train.py'.");
  if (issue?.code === "unrecognized_keys")
    return invalid(
      `${issue.keys[0]} is not an option of this framework.`,
      `Its options are ${Object.keys(schema.shape).join(", ")}. Options of your script belong into its command.`,
    );
  const name = String(issue?.path[0]);
  return invalid(
    `${name} is ${JSON.stringify((options as Record<string, unknown>)[name])?.slice(0, 80)}: ${issue?.message}.`,
    "Correct it, or leave it out.",
  );
}

const invalid = (message: string, hint: string) => new UnitrainError("INVALID_OPTIONS", message, { hint });

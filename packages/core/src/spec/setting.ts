/** What completes a value on the command line: something that the command line itself can list, or a fixed list of words. */
export type SettingCompletion =
  | "machine"
  | "framework"
  | "run"
  | "gpu"
  | "folder"
  | "file"
  | "variable"
  | "command"
  | readonly string[];

/**
 * How a value is read and checked. A `switch` takes no value; a `path` is relative to the working folder on the command line
 * and to the configuration file in there; `integer` may be 0; a `size` has a unit (`20GB`); `variables` are `NAME=value` on the
 * command line and an object in the configuration; an `object` can only be configured.
 */
export type SettingKind =
  | "switch"
  | "text"
  | "path"
  | "positive-number"
  | "positive-integer"
  | "integer"
  | "size"
  | "variables"
  | "object";

/**
 * One setting, as plain data. The parser, the help, the completions, the check of a configuration file, the sources that
 * `plan` shows and the reference page are derived from it, so a setting is declared in one place. It holds no schema and no
 * function: it is read at every start of the command line, also for `--help`.
 *
 * @example
 * ```ts
 * import type { SettingDeclaration } from "@unitrain/core/spec";
 *
 * const packages: SettingDeclaration = {
 *   name: "pip",
 *   flag: "pip",
 *   configKey: "pip",
 *   kind: "text",
 *   placeholder: "<package>",
 *   isRepeatable: true,
 *   help: "a Python package to install as well (repeatable)",
 *   expected: 'a list of texts: ["timm"]',
 *   group: "Training",
 *   commands: ["plan", "train"],
 * };
 * ```
 */
export interface SettingDeclaration {
  /** Its name in `plan` and in the record of a run: `maxHours`. No two settings of a command share a name. */
  readonly name: string;
  /** The flag without its dashes: `max-hours`. Undefined when it can only be configured. */
  readonly flag?: string;
  /** A one-letter form of the flag: `y` for `-y`. */
  readonly short?: string;
  /** The key in `unitrain.config.ts`. Undefined when it can only be typed. */
  readonly configKey?: string;
  /** The environment variable that it is taken from when neither the command line nor the configuration has it. */
  readonly environmentVariable?: string;
  readonly kind: SettingKind;
  /** What stands for the value in the help: `<hours>`. Undefined for a switch. */
  readonly placeholder?: string;
  /** The only values that are allowed. */
  readonly choices?: readonly string[];
  /** It can be given several times. In the configuration it is one value or a list, and what is typed is added to that. */
  readonly isRepeatable?: boolean;
  /** The flag has a `--no-` form too. */
  readonly isNegatable?: boolean;
  /** One line for the help and the reference, without a period at its end. */
  readonly help: string;
  /** What a value in the configuration should be, completing "maxHours must be …": `a number above 0`. By default it follows from the kind. */
  readonly expected?: string;
  /** Other words for it, which are answered with its name: `["machine"]` of `on`. */
  readonly otherNames?: readonly string[];
  /** The default, as text for the help, the reference and `plan`: `runs/<task>/<name>`. */
  readonly default?: string;
  /** The heading that it stands under in the help: `Machine`. */
  readonly group: string;
  /** The commands that take its flag: `["plan", "train"]`. */
  readonly commands: readonly string[];
  readonly completes?: SettingCompletion;
  /** Where a command describes or reads it differently. A `help` of its own has no `default` but its own. */
  readonly byCommand?: Readonly<
    Record<
      string,
      Partial<Pick<SettingDeclaration, "kind" | "placeholder" | "help" | "default" | "completes" | "short">>
    >
  >;
}

/** How the command line completes a value: by listing machines, runs or the like, or with a fixed list of words. */
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
 * The type of a setting's value. A `switch` takes no value. A `path` is relative to the working folder on the command line, and to the
 * folder of the configuration file in a configuration. An `integer` may be 0. A `size` has a unit (`20GB`). `variables` are `NAME=value`
 * on the command line, and an object in the configuration. An `object` exists only in the configuration.
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
  /** The flag without its dashes: `max-hours`. Left out if the setting exists only in the configuration. */
  readonly flag?: string;
  /** A one-letter form of the flag: `y` for `-y`. */
  readonly short?: string;
  /** The key in `unitrain.config.ts`. Left out if the setting exists only on the command line. */
  readonly configKey?: string;
  /** The environment variable to read if neither the command line nor the configuration sets a value. */
  readonly environmentVariable?: string;
  readonly kind: SettingKind;
  /** The placeholder of the value in the help: `<hours>`. Left out for a switch. */
  readonly placeholder?: string;
  /** The only values that are allowed. */
  readonly choices?: readonly string[];
  /** Whether it can be set several times. In the configuration it is one value or a list, and typed values are added to it. */
  readonly isRepeatable?: boolean;
  /** Whether the flag also has a `--no-` form. */
  readonly isNegatable?: boolean;
  /** One line for the help and the reference, without a period at its end. */
  readonly help: string;
  /** What a value in the configuration must be, to complete "maxHours must be …": `a number above 0`. By default it follows from the kind. */
  readonly expected?: string;
  /** Other words for it, which are answered with its name: `["machine"]` of `on`. */
  readonly otherNames?: readonly string[];
  /** The default, as text for the help, the reference and `plan`: `runs/<task>/<name>`. */
  readonly default?: string;
  /** The heading above it in the help: `Machine`. */
  readonly group: string;
  /** The commands that have its flag: `["plan", "train"]`. */
  readonly commands: readonly string[];
  readonly completes?: SettingCompletion;
  /** Differences for single commands, by the name of the command. If it has a `help`, the common `default` does not apply. */
  readonly byCommand?: Readonly<
    Record<
      string,
      Partial<Pick<SettingDeclaration, "kind" | "placeholder" | "help" | "default" | "completes" | "short">>
    >
  >;
}

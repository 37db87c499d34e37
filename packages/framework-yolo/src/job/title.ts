import type { CheckedOptions } from "../options/options.ts";
import { includesUltralytics } from "../options/packages.ts";
import { formatArgument } from "../options/scalar.ts";
import { quoteWord } from "./next-commands.ts";

/** Formats the training as the `yolo` command that a user would type. */
export function formatTitle(options: CheckedOptions): string {
  const words = Object.entries(options.arguments).map(([key, value]) => `${key}=${formatArgument(value)}`);
  return ["yolo", options.task, "train", `model=${options.model}`, ...words]
    .map((word) => quoteWord(word, "linux"))
    .join(" ");
}

/** Formats the most important settings in one line for the plan. */
export function describeJob(options: CheckedOptions): string {
  const shownArguments = ["epochs", "time", "imgsz", "batch"].flatMap((key) => {
    const value = options.arguments[key];
    return value === undefined ? [] : [`${key}=${formatArgument(value)}`];
  });
  const extraPackages = [
    ...(options.pip.length === 0 ? [] : [`with ${options.pip.join(", ")}`]),
    ...(options.code === undefined ? [] : [`code ${options.code}`]),
    ...(["trainer", "validator", "callbacks"] as const).flatMap((name) =>
      options[name] === undefined ? [] : [`${name} ${options[name]}`],
    ),
    ...(options.track.length === 0 ? [] : [`shown in ${options.track.join(" and ")}`]),
  ];
  const line = [options.task, options.model, ...shownArguments].join(" ");
  return [line, `ultralytics ${formatVersion(options)}`, ...extraPackages].join(", ");
}

/** A fork determines its own version. */
const formatVersion = ({ version, isVersionSet, pip }: CheckedOptions): string =>
  includesUltralytics(pip) && !isVersionSet ? "of its own" : version;

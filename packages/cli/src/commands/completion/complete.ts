import type { Runs } from "@unitrain/core";
import type { FrameworkCommandLine, SettingCompletion, SettingDeclaration } from "@unitrain/core/spec";
import type { CliContext } from "../../context/cli-context.ts";
import { chooseFramework } from "../../framework/chosen-framework.ts";
import { frameworkWords } from "../../framework/framework-named.ts";
import { listOptions, listOptionValues } from "../../framework/options.ts";
import { typedFramework } from "../../framework/typed-framework.ts";
import { sshAliases } from "../../machines/ssh-aliases.ts";
import { defaultFramework } from "../../modules/default-framework.ts";
import { projectDependencies, providerWords } from "../../modules/project-dependencies.ts";
import { allSettings } from "../../settings/all-settings.ts";
import { listCommandSettings } from "../../settings/declarations/command-settings.ts";
import { commands } from "../../settings/declarations/commands.ts";
import type { CommandDeclaration } from "../../settings/declarations/declaration.ts";
import { asTyped } from "../../settings/words/as-typed.ts";
import { splitLine } from "../../settings/words/split-line.ts";

/** The words that may stand where the line ends. None where a file is wanted: the shell knows those. */
export async function complete(
  line: string,
  context: CliContext,
  settings?: readonly SettingDeclaration[],
): Promise<readonly string[]> {
  const words = splitLine(line).slice(1);
  const current = /\s$/.test(line) || words.length === 0 ? "" : (words.at(-1) ?? "");
  const before = current === "" ? words : words.slice(0, -1);
  const candidates = await candidatesFor(before, current, context, settings);
  return [...new Set(candidates)].filter(
    (candidate) => candidate.startsWith(current) && candidate !== current,
  );
}

async function candidatesFor(
  before: readonly string[],
  current: string,
  context: CliContext,
  declared: readonly SettingDeclaration[] | undefined,
): Promise<readonly string[]> {
  const names = commands.map(({ name }) => name);
  // One that cannot be loaded is said when the line is run; until then commands and flags are still completed.
  const { commandLine } = await typedFramework(before, context.folder).catch(() =>
    chooseFramework(undefined, context.folder),
  );
  const settings = declared ?? allSettings(commandLine.settings);
  if (before.length === 0) return [...names, "help", ...(commandLine.pastedLines?.programs ?? [])];
  const [name, ...words] = asTyped(before, commandLine);
  if (name === "help") return names;
  const command = commands.find((declaration) => declaration.name === name);
  if (command === undefined || words.includes("--")) return [];
  const last = words.at(-1) ?? "";
  const setting = listCommandSettings(command, settings).find(
    ({ flag, short }) => last === `--${flag}` || last === `-${short}`,
  );
  if (setting !== undefined && setting.kind !== "switch") return valuesFor(setting.completes, context);
  if (current.startsWith("-")) return flagsFor(listCommandSettings(command, settings), words);
  return argumentsFor(command, words, current, context, commandLine);
}

function flagsFor(flags: readonly SettingDeclaration[], words: readonly string[]): readonly string[] {
  const open = ({ flag, isRepeatable }: SettingDeclaration) =>
    isRepeatable === true || !words.includes(`--${flag}`);
  const forms = ({ flag, isNegatable }: SettingDeclaration) =>
    isNegatable === true ? [`--${flag}`, `--no-${flag}`] : [`--${flag}`];
  return [...flags.filter(open).flatMap(forms), "--help"];
}

async function argumentsFor(
  command: CommandDeclaration,
  words: readonly string[],
  current: string,
  context: CliContext,
  commandLine: FrameworkCommandLine,
): Promise<readonly string[]> {
  const completes = command.argument?.completes;
  if (completes === "training") return optionsFor(words, current, commandLine);
  const takesOne = words.some((word) => !word.startsWith("-"));
  return takesOne ? [] : valuesFor(completes, context);
}

/** A folder comes first; once there is one, or a letter that no folder is meant by, the framework's own settings. */
async function optionsFor(
  words: readonly string[],
  current: string,
  commandLine: FrameworkCommandLine,
): Promise<readonly string[]> {
  const setting = /^([a-z]\w*)=/.exec(current)?.[1];
  if (setting !== undefined)
    return listOptionValues(setting, await listOptions(commandLine)).map((value) => `${setting}=${value}`);
  const hasData = words.some((word) => word.startsWith("data=") || !/^-|=/.test(word));
  if (current.includes("=") || /^[./~]/.test(current) || (current === "" && !hasData)) return [];
  const used = new Set(words.map((word) => word.split("=")[0]));
  const names = (await listOptions(commandLine)).map(({ name }) => name);
  return [...(hasData ? [] : ["data"]), ...names].filter((name) => !used.has(name)).map((name) => `${name}=`);
}

/** Common ones, and those that were used from here: a provider is not asked at every Tab. */
async function gpuNames(runs: Runs): Promise<readonly string[]> {
  const used = (await runs.runs()).flatMap(({ settings = [] }) =>
    settings.flatMap(({ name, value }) => (name === "gpu" && typeof value === "string" ? [value] : [])),
  );
  return [...used, ...commonGpus];
}

const commonGpus = ["H100", "H200", "A100", "B200", "L40S", "L4", "A10", "RTX4090", "V100", "T4"];

async function valuesFor(
  completes: SettingCompletion | "training" | undefined,
  { env, engine, folder }: CliContext,
): Promise<readonly string[]> {
  if (completes === "machine") {
    const providers = providerWords(projectDependencies(folder).names);
    return ["local", "canopywave", "ssh://", ...sshAliases(env), ...providers];
  }
  if (completes === "framework") {
    const { names } = projectDependencies(folder);
    return [defaultFramework.name, ...frameworkWords(names)];
  }
  if (completes === "run") return (await (await (await engine()).runs()).runs()).map(({ name }) => name);
  if (completes === "gpu") return gpuNames(await (await engine()).runs());
  if (completes === "variable") return Object.keys(env);
  if (completes === "command") return commands.map(({ name }) => name);
  return typeof completes === "object" ? completes : [];
}

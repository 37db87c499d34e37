import type { Runs } from "@unitrain/core";
import type { FrameworkCommandLine, SettingCompletion, SettingDeclaration } from "@unitrain/core/spec";
import type { CliContext } from "../../context/cli-context.ts";
import { chooseFramework } from "../../framework/chosen-framework.ts";
import { findFramework } from "../../framework/find-framework.ts";
import { listOptions, listOptionValues } from "../../framework/options.ts";
import { listFrameworkWords } from "../../framework/resolve-framework-module.ts";
import { listSshAliases } from "../../machines/list-ssh-aliases.ts";
import { cloudWords } from "../../modules/clouds.ts";
import { bundledFrameworks } from "../../modules/default-framework.ts";
import { listProviderWords, readProjectDependencies } from "../../modules/project-dependencies.ts";
import { listCommandSettings } from "../../settings/declarations/command-settings.ts";
import { commands } from "../../settings/declarations/commands.ts";
import type { CommandDeclaration } from "../../settings/declarations/declaration.ts";
import { listAllSettings } from "../../settings/list-all-settings.ts";
import { normalizeWords } from "../../settings/words/normalize-words.ts";
import { splitLine } from "../../settings/words/split-line.ts";

/** Lists the possible completions of the last word of a line. Returns none for a file, which the shell completes itself. */
export async function complete(
  line: string,
  context: CliContext,
  settings?: readonly SettingDeclaration[],
): Promise<readonly string[]> {
  const words = splitLine(line).slice(1);
  const current = /\s$/.test(line) || words.length === 0 ? "" : (words.at(-1) ?? "");
  const before = current === "" ? words : words.slice(0, -1);
  const candidates = await listCandidates(before, current, context, settings);
  return [...new Set(candidates)].filter(
    (candidate) => candidate.startsWith(current) && candidate !== current,
  );
}

async function listCandidates(
  before: readonly string[],
  current: string,
  context: CliContext,
  declared: readonly SettingDeclaration[] | undefined,
): Promise<readonly string[]> {
  const names = commands.map(({ name }) => name);
  // A completion runs no code of the folder, so only commands load a configuration. A framework that cannot be loaded is reported
  // when the line is run. Commands and flags can be completed without it.
  const { commandLine } = await findFramework(["--no-config", ...before], context.folder).catch(() =>
    chooseFramework(undefined, context.folder),
  );
  const settings = declared ?? listAllSettings(commandLine.settings);
  if (before.length === 0) return [...names, "help", ...(commandLine.pastedLines?.programs ?? [])];
  const [name, ...words] = normalizeWords(before, commandLine);
  if (name === "help") return names;
  const command = commands.find((declaration) => declaration.name === name);
  if (command === undefined || words.includes("--")) return [];
  const last = words.at(-1) ?? "";
  const setting = listCommandSettings(command, settings).find(
    ({ flag, short }) => last === `--${flag}` || last === `-${short}`,
  );
  if (setting !== undefined && setting.kind !== "switch") return listValues(setting.completes, context);
  if (current.startsWith("-")) return listFlags(listCommandSettings(command, settings), words);
  return listArguments(command, words, current, context, commandLine);
}

function listFlags(flags: readonly SettingDeclaration[], words: readonly string[]): readonly string[] {
  const open = ({ flag, isRepeatable }: SettingDeclaration) =>
    isRepeatable === true || !words.includes(`--${flag}`);
  const forms = ({ flag, isNegatable }: SettingDeclaration) =>
    isNegatable === true ? [`--${flag}`, `--no-${flag}`] : [`--${flag}`];
  return [...flags.filter(open).flatMap(forms), "--help"];
}

async function listArguments(
  command: CommandDeclaration,
  words: readonly string[],
  current: string,
  context: CliContext,
  commandLine: FrameworkCommandLine,
): Promise<readonly string[]> {
  const completes = command.argument?.completes;
  if (completes === "training") return completeOption(words, current, commandLine);
  const hasArgument = words.some((word) => !word.startsWith("-"));
  return hasArgument ? [] : listValues(completes, context);
}

/** Completes options of the framework, but only if a dataset is named already or a letter is typed. Otherwise the shell completes a folder. */
async function completeOption(
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

/** Lists common GPUs and those of earlier runs. It does not ask a provider, which would be too slow for a completion. */
async function listGpuNames(runs: Runs): Promise<readonly string[]> {
  const used = (await runs.runs()).flatMap(({ settings = [] }) =>
    settings.flatMap(({ name, value }) => (name === "gpu" && typeof value === "string" ? [value] : [])),
  );
  return [...used, ...commonGpus];
}

const commonGpus = ["H100", "H200", "A100", "B200", "L40S", "L4", "A10", "RTX4090", "V100", "T4"];

async function listValues(
  completes: SettingCompletion | "training" | undefined,
  { env, engine, folder }: CliContext,
): Promise<readonly string[]> {
  if (completes === "machine") {
    const providers = listProviderWords(readProjectDependencies(folder).names);
    return ["local", ...cloudWords, "cheapest", "ssh://", ...listSshAliases(env), ...providers];
  }
  if (completes === "framework") {
    const { names } = readProjectDependencies(folder);
    return [...bundledFrameworks.map(({ name }) => name), ...listFrameworkWords(names)];
  }
  if (completes === "run") return (await (await (await engine()).runs()).runs()).map(({ name }) => name);
  if (completes === "gpu") return listGpuNames(await (await engine()).runs());
  if (completes === "variable") return Object.keys(env);
  if (completes === "command") return commands.map(({ name }) => name);
  return typeof completes === "object" ? completes : [];
}

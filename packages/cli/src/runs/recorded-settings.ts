import type { AdapterDescriptor, Plan, Plugin, Provider, RepeatedRun, Transport } from "@unitrain/core";
import type { CliContext, Engine } from "../context/cli-context.ts";
import { type ChosenFramework, loadFrameworkOfModule } from "../framework/chosen-framework.ts";
import { findFrameworkFromFlags } from "../framework/find-framework.ts";
import { loadProject } from "../framework/load-project.ts";
import type { Flags } from "../settings/flags.ts";
import { checkDataIsThere, createRecordedConfig, findRecordedMachine } from "../settings/recorded-config.ts";
import { combineSettings, type Settings } from "../settings/settings.ts";
import { readWords } from "../settings/words/read-words.ts";
import { findRun } from "./find-run.ts";

/** Returns the settings of a recorded run, overridden by the words and flags of this command. The configuration file is read only for plugins, because a record does not contain them. */
export async function loadRecordedSettings(
  wanted: string,
  words: readonly string[],
  flags: Flags,
  engine: Engine,
  context: CliContext,
): Promise<{ readonly settings: Settings; readonly repeats: RepeatedRun }> {
  const runs = await engine.runs();
  const { plan, ...summary } = await findRun(runs, wanted);
  const folder = summary.workingFolder ?? context.folder;
  const framework = await chooseRecordedFramework(plan, flags, folder, context.folder);
  const typedData = readWords(words, framework.commandLine).data;
  if (typedData === undefined) checkDataIsThere(plan);
  const recorded = {
    plan,
    summary,
    ...(flags.on === undefined ? await recreateMachine(plan, engine, folder) : {}),
    plugins: await findPlugins(plan, flags, engine, { folder, workingFolder: context.folder }),
  };
  const settings = combineSettings(
    words,
    flags,
    createRecordedConfig(recorded, flags.on !== undefined, context.folder, framework.commandLine),
    context,
    framework,
  );
  return {
    settings: typedData === undefined ? { ...settings, source: plan.source } : settings,
    repeats: { runId: plan.runId, name: plan.name, dataDigest: plan.data.digest },
  };
}

/** Returns the framework of the recorded run, unless a flag names another. */
async function chooseRecordedFramework(
  { framework: { recipe } }: Plan,
  flags: Flags,
  folder: string,
  workingFolder: string,
): Promise<ChosenFramework> {
  if (flags.framework !== undefined || recipe === undefined)
    return findFrameworkFromFlags(flags, workingFolder);
  return loadFrameworkOfModule(recipe.module, recipe.folder ?? folder);
}

/** Creates the adapters of a machine again from their recipes, unless the machine was named by a word. */
async function recreateMachine(plan: Plan, engine: Engine, folder: string) {
  if (findRecordedMachine(plan) !== undefined) return {};
  const provider = await engine.createFromRecipe<Provider>("provider", plan.provider, folder);
  if (provider.defaultTransport?.().name === plan.transport.name) return { provider };
  return {
    provider,
    transport: await engine.createFromRecipe<Transport>("transport", plan.transport, folder),
  };
}

async function findPlugins(
  { plugins }: Plan,
  flags: Flags,
  engine: Engine,
  { folder, workingFolder }: { readonly folder: string; readonly workingFolder: string },
): Promise<readonly Plugin[]> {
  if (plugins.length === 0) return [];
  const configured =
    (await loadProject({ config: flags.config }, workingFolder)).loaded?.config.plugins ?? [];
  const again = async (descriptor: AdapterDescriptor) =>
    configured.find(({ name }) => name === descriptor.name) ??
    (await engine.createFromRecipe<Plugin>("plugin", descriptor, folder));
  return Promise.all(plugins.map(again));
}

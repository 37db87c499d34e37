import type { Plan, PlanOptions, RepeatedRun, Unitrain } from "@unitrain/core";
import type { CliContext, Engine } from "../context/cli-context.ts";
import { loadProject } from "../framework/load-project.ts";
import { listAlternatives } from "../machines/offers/alternatives.ts";
import { formatRecordedCommand } from "../settings/command-line.ts";
import type { Flags } from "../settings/flags.ts";
import { listAllSettings } from "../settings/list-all-settings.ts";
import { listMissingSecrets, refuseMissingSecrets } from "../settings/secrets.ts";
import { combineSettings, type Settings } from "../settings/settings.ts";
import { convertForRecord } from "../settings/sources.ts";
import { createProgressLine } from "../terminal/screen/progress-line.ts";
import { withReport, writeFindings } from "./findings-report.ts";
import type { PlannedRun } from "./planned-run.ts";

/** Makes a checked plan from words, flags and configuration. If it `starts` afterwards, a missing secret is an error, or else only a warning. */
export async function makePlan(
  words: readonly string[],
  flags: Flags,
  signal: AbortSignal,
  showStatus: (message: string) => void,
  context: CliContext,
  { starts }: { readonly starts: boolean },
): Promise<PlannedRun> {
  const engine = await context.engine();
  const { settings, repeats } = await collectSettings(words, flags, engine, context);
  for (const note of await listNotes(settings)) showStatus(`! ${note}`);
  if (starts) refuseMissingSecrets(settings.secrets, flags.input !== false, context);
  else for (const name of listMissingSecrets(settings.secrets, context.env)) showStatus(secretNote(name));
  const planOn = (chosen: Settings) =>
    planOnMachine(
      chosen,
      words,
      chosen.on === settings.on ? flags : { ...flags, on: chosen.on },
      signal,
      showStatus,
      context,
      repeats,
    );
  if (settings.provider !== undefined || settings.on !== "cheapest") return planOn(settings);
  const { planOnCheapest } = await import("./plan-on-cheapest.ts");
  return planOnCheapest(settings, engine, context, signal, showStatus, planOn);
}

async function planOnMachine(
  settings: Settings,
  words: readonly string[],
  flags: Flags,
  signal: AbortSignal,
  showStatus: (message: string) => void,
  context: CliContext,
  repeats: RepeatedRun | undefined,
): Promise<PlannedRun> {
  const engine = await context.engine();
  const unitrain = await engine.assemble(settings, signal);
  const planning = new AbortController();
  const ended = AbortSignal.any([signal, planning.signal]);
  // The offers are requested while the dataset is read. A plan does not fail if they cannot be listed.
  const rentsNothing = settings.provider === undefined && settings.on === "local";
  const offers = rentsNothing ? [] : unitrain.offers({ signal: ended }).catch(() => []);
  const progress = createProgressLine(context);
  const ofFramework = settings.framework.commandLine.settings;
  const plan = await planned(
    { unitrain, settings },
    {
      signal,
      showStatus: (message) => {
        progress.clear();
        showStatus(message);
      },
      progress: progress.update,
      settings: convertForRecord(settings.sources, listAllSettings(ofFramework)),
      command: formatRecordedCommand(words, flags, listAllSettings(ofFramework)),
      ...(repeats === undefined ? {} : { repeats }),
    },
  )
    .finally(progress.clear)
    .catch(async (error: unknown) => {
      planning.abort();
      throw await withReport(error, flags.verbose === true, context);
    });
  signal.throwIfAborted();
  const report = await writeFindings(plan.findings, context);
  const alternatives = await listAlternatives(plan, await offers, unitrain.predict);
  return { unitrain, plan, settings, report, alternatives };
}

function secretNote(name: string): string {
  return `! The secret ${name} has no value in this shell: set it before \`unitrain train\` (read -rs ${name} && export ${name}).`;
}

/** Returns the framework's notes on the settings. No text of a framework passes core's sanitizer here. */
async function listNotes({ on, provider, framework, env, secrets }: Settings): Promise<readonly string[]> {
  const isLocal = (provider?.name ?? on) === "local";
  const { settings } = framework.userOptions;
  const notes = framework.commandLine.notes?.({ isLocal, settings, env, secrets }) ?? [];
  return notes.length === 0 ? notes : (await import("../terminal/mask-texts.ts")).maskTexts(notes);
}

/** Returns the settings of the repeated run, or else those of words, flags and the configuration file. */
async function collectSettings(
  words: readonly string[],
  flags: Flags,
  engine: Engine,
  context: CliContext,
): Promise<{ readonly settings: Settings; readonly repeats?: RepeatedRun }> {
  if (flags.from !== undefined) {
    const { loadRecordedSettings } = await import("../runs/recorded-settings.ts");
    return loadRecordedSettings(flags.from, words, flags, engine, context);
  }
  const { framework, loaded } = await loadProject(flags, context.folder);
  return { settings: combineSettings(words, flags, loaded, context, framework) };
}

function planned(
  { unitrain, settings }: { readonly unitrain: Unitrain; readonly settings: Settings },
  more: Pick<PlanOptions, "signal" | "showStatus" | "progress" | "settings" | "command" | "repeats">,
): Promise<Plan> {
  const { source, options, env, secrets } = settings;
  return unitrain.plan({
    ...options,
    ...more,
    data: source,
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(secrets.length === 0 ? {} : { secrets }),
  });
}

import type { Finding, Plan, Usd } from "@unitrain/core";
import { formatBytes, formatCount, formatLimit, formatUsd } from "@unitrain/view";
import { renderClasses } from "./class-lines.ts";
import { renderFindings } from "./findings.ts";
import { type Line, styled, withLabel } from "./line.ts";
import { type Alternative, renderAlternatives, renderPrediction, renderUnknownPrices } from "./prediction.ts";
import { shortenPath } from "./short-path.ts";
import { renderSources, type ShownSetting } from "./source-lines.ts";

export interface PlanView {
  /** The working folder. Paths below it are shown relative to it. */
  readonly folder: string;
  readonly width: number;
  /** Whether to show every finding and the source of every value instead of a summary. */
  readonly all?: boolean | undefined;
  /** The sources of the values. A run that is continued has none. */
  readonly sources?: readonly ShownSetting[];
  /** The file with every finding. */
  readonly report?: string | undefined;
  /** Names of settings that are not options of the training. Their defaults are not listed. */
  readonly settingsOutsideTraining?: ReadonlySet<string>;
  /** Other offers that could be rented. */
  readonly alternatives?: readonly Alternative[];
}

/** Renders a plan. */
export function renderPlan(plan: Plan, view: PlanView): Line[] {
  const { folder, width, all = false, sources = [], alternatives = [], report } = view;
  const field = (label: string, text: string) => withLabel(styled("bold", label), text, labelWidth, width);
  return [
    ...field("Run", plan.name),
    ...field(
      "Data",
      `${plan.data.summary}   ${formatCount(plan.data.files, "file")}, ${formatBytes(plan.data.bytes)}   ${describeFindings(plan.findings)}`,
    ),
    ...field("Job", plan.job),
    ...describeDefaults(plan, view).flatMap((text) => withLabel("", text, labelWidth, width)),
    ...(alternatives.length === 0
      ? [
          ...field("On", describeMachine(plan)),
          ...(plan.connection === undefined ? [] : withLabel("", plan.connection, labelWidth, width)),
          ...field("Price", describePrice(plan)),
        ]
      : renderAlternatives(alternatives, width)),
    ...renderPrediction(plan, width),
    ...describeLimit(plan).flatMap((text) => field("Limit", text)),
    ...(plan.setup ?? []).flatMap((line, index) => field(index === 0 ? "Setup" : "", line)),
    ...listVariables(plan).flatMap((text) => field("Env", text)),
    ...field("Out", describeOutput(plan, folder)),
    ...(all ? renderClasses(plan.data.classes ?? [], width) : []),
    ...renderSources(
      all ? [...showUsedName(sources, plan), ...listDefaults(plan, view)] : sources,
      width,
      all,
    ),
    ...renderFindings(shortenFindingPaths(plan), width, all),
    ...(report === undefined
      ? []
      : [[styled("dim", `  ${all ? "The same" : "Every finding"}: ${shortenPath(report, folder)}`)]]),
    ...renderUnknownPrices(plan, width),
  ];
}

const labelWidth = 7;

/** Describes the defaults of the training that the line of the job does not contain. */
function describeDefaults(plan: Plan, view: PlanView): string[] {
  const jobWords = new Set(plan.job.split(/[\s,]+/));
  const values = listDefaults(plan, view)
    .filter(({ name, value }) => !jobWords.has(name) && !jobWords.has(value))
    .map(({ name, value }) => `${name}=${value}`);
  return values.length === 0 ? [] : [`defaults: ${values.join(" ")}`];
}

function listDefaults({ settings = [] }: Plan, { settingsOutsideTraining }: PlanView): ShownSetting[] {
  return settings
    .filter(({ name, source }) => source === "default" && settingsOutsideTraining?.has(name) !== true)
    .map(({ name, value }) => ({
      name,
      value: typeof value === "string" ? value : JSON.stringify(value),
      source: "default",
    }));
}

function describeFindings(findings: readonly Finding[]): string {
  const errors = findings.filter((finding) => finding.severity === "error").length;
  const warnings = findings.length - errors;
  const parts = [
    ...(errors === 0 ? ["ok"] : [formatCount(errors, "error")]),
    ...(warnings === 0 ? [] : [formatCount(warnings, "warning")]),
  ];
  return parts.join(", ");
}

/** Makes the paths of findings relative to the dataset, whose path is shown above. */
function shortenFindingPaths({ source, findings }: Plan): readonly Finding[] {
  if (source.kind !== "local") return findings;
  return findings.map((finding) => ({ ...finding, file: shortenPath(finding.file, source.path) }));
}

/** What the offer says of the machine; what it leaves out is not known before it is looked at. */
function describeMachine({ provider, quote }: Plan): string {
  const { machine, gpu, gpus, cpus, ramBytes, diskBytes } = quote;
  const ofDisk = provider.ownership === "rented" ? "disk" : "disk free";
  const parts = [
    machine,
    ...(gpu === undefined ? [] : [`${gpus} x ${gpu.name} ${formatBytes(gpu.memoryBytes)}`]),
    ...(cpus === undefined ? [] : [formatCount(cpus, "CPU")]),
    ...(ramBytes === undefined ? [] : [`${formatBytes(ramBytes)} RAM`]),
    ...(diskBytes === undefined ? [] : [`${formatBytes(diskBytes)} ${ofDisk}`]),
  ];
  return parts.join(", ");
}

function describePrice({ provider, quote }: Plan): string {
  if (provider.ownership === "borrowed" && quote.priceUsdPerHour === 0)
    return "nothing: a machine of your own";
  const parts = [
    `${formatUsd(quote.priceUsdPerHour)}/h`,
    ...extra(quote.otherUsdPerHour, "/h for storage and address"),
    ...extra(quote.upfrontUsd, " at launch"),
  ];
  return parts.join(", ");
}

function extra(usd: Usd, forWhat: string): string[] {
  if (usd === 0) return [];
  return [
    usd === "unknown" ? `an unknown charge${forWhat.replace("/h", "")}` : `${formatUsd(usd)}${forWhat}`,
  ];
}

/** A name that was taken is shown as it was asked for and as it is used. */
function showUsedName(sources: readonly ShownSetting[], { settings = [] }: Plan): readonly ShownSetting[] {
  const used = settings.find(({ name }) => name === "name")?.used;
  if (typeof used !== "string") return sources;
  return sources.map((setting) =>
    setting.name === "name" ? { ...setting, value: `${setting.value}, used: ${used}` } : setting,
  );
}

function describeOutput({ out, requestedOut, overwrites = false }: Plan, folder: string): string {
  const path = shortenPath(out, folder);
  if (overwrites) return `${path}   existing results are overwritten (exist_ok)`;
  return requestedOut === undefined ? path : `${path}   (${shortenPath(requestedOut, folder)} is not empty)`;
}

/** Lists the names of variables and secrets without their values, which may be long or secret. */
function listVariables({ env, secrets }: Plan): string[] {
  const parts = [
    ...(env === undefined ? [] : [Object.keys(env).join(", ")]),
    ...(secrets.length === 0 ? [] : [`secret: ${secrets.join(", ")}`]),
  ];
  return parts.length === 0 ? [] : [parts.join("   ")];
}

/** Describes the limit of a run and the processes that enforce it: `$8.00 in all = 3h33m; enforced by …`. Returns an empty list if there is none. */
function describeLimit(plan: Plan): string[] {
  const isRented = plan.provider.ownership === "rented";
  const amount = formatLimit(plan);
  if (amount === undefined) return isRented ? [noLimit] : [];
  const enforcer = isRented ? "this computer and its guardian" : "this computer";
  const limit = `${amount}; enforced by ${enforcer}, but not while it sleeps`;
  // A machine that is kept outlives the run, so the provider's deadline is not armed for it.
  if (plan.quote.ownDeadline !== true || plan.keepMinutes !== undefined) return [limit];
  return [
    limit,
    `${plan.provider.name} itself terminates the machine some minutes after the limit, also then`,
  ];
}

const noLimit = "none: it costs money until the training is over; set one with --budget or --max-hours";

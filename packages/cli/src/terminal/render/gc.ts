import type { GcReport, GcTraining, ReleaseProof, Resource, RunSummary, UnreadableRun } from "@unitrain/core";
import { formatUsd } from "@unitrain/view";
import { describeDriverProcess } from "./driver-name.ts";
import { type Line, styled } from "./line.ts";
import { type AskedCloud, renderClouds } from "./offers.ts";
import { createSearchHint, describePossibleCost } from "./possible-cost.ts";
import { shortenPath } from "./short-path.ts";

/** Renders the report of `gc`: trainings and their models, released resources, and resources that may still cost money. */
export function renderGcReport(report: GcReport, summaries: readonly RunSummary[], folder: string): Line[] {
  const { runs, trainings, released, driven, pending, unconfirmed, unreadable } = report;
  const nameOfRun = (id: string) => summaries.find((run) => run.id === id)?.name ?? id;
  const others = driven.map((run): Line => [styled("yellow", "! "), describeDriven(run)]);
  if (released.length + unconfirmed.length + pending.length + unreadable.length + trainings.length === 0) {
    const checkedText = runs.length === 0 ? "" : ` Checked: ${runs.join(", ")}.`;
    const besides = driven.length === 0 ? "" : "else ";
    return [...others, [`Nothing ${besides}that costs money is left to release.${checkedText}`]];
  }
  return [
    ...others,
    ...trainings.map((training) => renderTraining(training, folder)),
    ...pending.map(
      ({ runId, resource }): Line => [
        styled("yellow", "- "),
        `would be released: ${getResourceName(resource)} of ${nameOfRun(runId)}`,
      ],
    ),
    ...released.map((resource): Line => [styled("green", "+ "), `gone    ${getResourceName(resource)}`]),
    ...[...Map.groupBy(unconfirmed, ({ runId }) => runId)].flatMap(([runId, resources]) =>
      renderUnreleased(
        nameOfRun(runId),
        resources,
        summaries.find(({ id }) => id === runId),
      ),
    ),
    ...unreadable.flatMap(renderUnreadable),
    ...(unconfirmed.length === 0
      ? []
      : [[styled("yellow", "! "), "repeat until the release is confirmed: unitrain gc"]]),
  ];
}

function describeDriven({ name, pid, guarded, releasing }: GcReport["driven"][number]): string {
  const driver = describeDriverProcess(pid, guarded === true);
  return releasing
    ? `${name} is being released by ${driver}, and is not confirmed gone yet; check again: unitrain gc`
    : `${name} is driven by ${driver}, which releases it at its end; it costs money until then. Stop it now: unitrain stop ${name}`;
}

function renderTraining({ name, model, path = "", reason = "" }: GcTraining, folder: string): Line {
  const sign = { green: styled("green", "+ "), yellow: styled("yellow", "- "), red: styled("red", "! ") };
  switch (model) {
    case "downloaded":
      return [
        sign.green,
        `${name}: its training is over, and its model was downloaded to ${shortenPath(path, folder)}`,
      ];
    case "none":
      return [sign.yellow, `${name}: its training is over, and had not saved a model yet`];
    case "discarded":
      return [sign.yellow, `${name}: its training was stopped and its model discarded, as requested`];
    case "finishing":
      return [
        sign.yellow,
        `${name}: the guardian continues its training, downloads the model and releases the machine; it costs money until then. Watch it: unitrain attach ${name}`,
      ];
    case "pending":
      return [sign.yellow, `${name}: its training would be stopped and its model downloaded`];
    case "lost":
      return [
        sign.red,
        `${name}: nothing could be downloaded, and its model is lost if it had one: ${reason}`,
      ];
  }
}

/** Renders one message for all resources of a run, with a price only if one of them costs money. */
function renderUnreleased(name: string, all: GcReport["unconfirmed"], run: RunSummary | undefined): Line[] {
  const gone = all.filter(({ isGone }) => isGone === true);
  const unconfirmed = all.filter(({ isGone }) => isGone !== true);
  return [...renderUnrecorded(name, gone), ...renderUnconfirmed(name, unconfirmed, run)];
}

/** Renders resources that the provider confirmed gone. They cost nothing, but the record could not be updated. */
function renderUnrecorded(name: string, gone: GcReport["unconfirmed"]): Line[] {
  if (gone.length === 0) return [];
  const [{ reason = "" } = {}] = gone;
  return [
    [
      styled("yellow", "! "),
      `gone, but not recorded    ${gone.map(({ resource }) => getResourceName(resource)).join(", ")} of ${name}`,
    ],
    [`          ${reason}`],
  ];
}

function renderUnconfirmed(
  name: string,
  unconfirmed: GcReport["unconfirmed"],
  run: RunSummary | undefined,
): Line[] {
  if (unconfirmed.length === 0) return [];
  const resources = unconfirmed.map(({ resource }) => resource);
  const price = resources.some(({ free }) => free !== true) ? run?.priceUsdPerHour : undefined;
  const cost = price === undefined ? "" : `, perhaps ${formatUsd(price)}/h`;
  const reasons = [...new Set(unconfirmed.map(({ reason }) => reason))];
  return [
    [styled("red", "! "), `UNSURE  ${resources.map(getResourceName).join(", ")} of ${name}${cost}`],
    ...reasons.map((reason): Line => [`          ${reason}`]),
  ];
}

function renderUnreadable(run: UnreadableRun): Line[] {
  const { name, problem, provider } = run;
  return [
    [styled("red", "! "), `UNREADABLE  ${name}: ${problem.file}: ${problem.message}`],
    [`              ${describePossibleCost(run)}`],
    [`              ${createSearchHint(problem, provider)}`],
  ];
}

/** Resources at a provider that have unitrain's names but no record on this computer, and what was done with them. */
export interface UntrackedReport {
  readonly found: readonly CloudResource[];
  /** With `--dry-run`: the resources that could be released. */
  readonly pending: readonly CloudResource[];
  readonly gone: readonly (ReleaseProof & { readonly on: string })[];
  readonly unconfirmed: readonly CloudResource[];
  /** What became of each cloud. What a failed one has is unknown. */
  readonly clouds: readonly (AskedCloud & { readonly state: "searched" | "no-key" | "failed" })[];
}

/** A resource and the word of the cloud that has it. */
export type CloudResource = Resource & { readonly on: string };

/** Renders the report of `gc --untracked`. */
export function renderUntrackedReport(report: UntrackedReport, width: number): Line[] {
  const { found, pending, gone, unconfirmed, clouds } = report;
  const searched = clouds.flatMap(({ on, state }) => (state === "searched" ? [on] : []));
  const unsearched = renderClouds(clouds, width);
  if (found.length === 0) {
    const nothing: Line[] =
      searched.length === 0
        ? []
        : [[`No untracked resources of unitrain were found: ${searched.join(", ")}.`]];
    return [...nothing, ...unsearched];
  }
  const label = (on: string) => (clouds.length > 1 ? `${on}: ` : "");
  const kept = found.length - pending.length - gone.length - unconfirmed.length;
  return [
    ...pending.map(
      (resource): Line => [
        styled("yellow", "- "),
        `untracked: ${label(resource.on)}${resource.name}  ${resource.kind} ${resource.id ?? ""}`.trimEnd(),
      ],
    ),
    ...gone.map(
      ({ on, resource, evidence }): Line => [
        styled("green", "+ "),
        `gone    ${label(on)}${getResourceName(resource)}: ${evidence}`,
      ],
    ),
    ...unconfirmed.map(
      (resource): Line => [
        styled("red", "! "),
        `UNSURE  ${label(resource.on)}${getResourceName(resource)}: not confirmed gone; repeat: unitrain gc --untracked`,
      ],
    ),
    ...(kept > 0 ? [[`${kept} not released.`]] : []),
    ...unsearched,
  ];
}

function getResourceName({ kind, id, name }: Resource): string {
  return `${kind} ${id ?? name}`;
}

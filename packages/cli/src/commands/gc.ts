import type { GcReport, Resource, RunSummary, UnreadableRun } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Flags } from "../flags.ts";
import { cleanAll } from "../render/clean.ts";
import { dollars } from "../render/figures.ts";
import { type Line, painted, styled, widthOf } from "../render/line.ts";
import { lookForIt, mayStillCost } from "../render/may-still-cost.ts";
import { type Adopted, adoptStrays } from "../strays/adopt.ts";
import type { Surroundings } from "../surroundings.ts";

/** Gives back everything paid that no living process answers for; with `--untracked` also what no record here knows. */
export async function gc(
  names: readonly string[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  checkWords(names, flags);
  const { engine, stdout } = surroundings;
  const runs = await (await engine()).runs();
  const report = await runs.gc({ dryRun: flags.dryRun === true }).catch((error) => {
    throw costsUnknown(error);
  });
  const known = report.unconfirmed.length === 0 ? [] : await runs.runs();
  const show = (lines: readonly Line[]) => {
    if (flags.json === true) return;
    for (const line of painted(lines, stdout, widthOf(stdout))) stdout.write(`${line}\n`);
  };
  show(reportLines(cleanAll(report), cleanAll(known)));
  const adopted = flags.untracked === true ? await adoptStrays(names, flags, surroundings) : undefined;
  if (adopted !== undefined) show(adoptedLines(cleanAll(adopted)));
  if (flags.json === true)
    stdout.write(
      `${JSON.stringify({ ...report, ...(adopted === undefined ? {} : { untracked: adopted }) }, null, 2)}\n`,
    );
  const unsure = report.unconfirmed.length + report.unreadable.length + (adopted?.unconfirmed.length ?? 0);
  return unsure > 0 ? exitCodes.releaseUnconfirmed : exitCodes.done;
}

/** Records that cannot be read at all leave open what still costs: that ends with 4 as well. */
function costsUnknown(error: unknown): unknown {
  if (!UnitrainError.isInstance(error)) return error;
  if (error.code !== "STATE_UNREADABLE" && error.code !== "STATE_UNSAFE") return error;
  return new UnitrainError("RELEASE_UNCONFIRMED", `What may still cost cannot be told: ${error.message}`, {
    hint: `${error.hint ?? ""} Look at the provider: unitrain gc --untracked --on canopywave`.trim(),
    cause: error,
  });
}

function checkWords(names: readonly string[], { untracked, on, all }: Flags): void {
  if (untracked === true) return;
  if (names.length === 0 && on === undefined && all !== true) return;
  throw new UnitrainError(
    "INVALID_OPTIONS",
    "gc gives back all that this computer's records name: it takes no names.",
    { hint: "For what no record knows: unitrain gc --untracked --on canopywave" },
  );
}

function reportLines(report: GcReport, known: readonly RunSummary[]): Line[] {
  const { runs, released, driven, pending, unconfirmed, unreadable } = report;
  const nameOfRun = (id: string) => known.find((run) => run.id === id)?.name ?? id;
  const others = driven.map(
    ({ name, pid }): Line => [
      styled("dim", "- "),
      `${name} is driven by process ${pid}, which gives it back itself: unitrain stop ${name}`,
    ],
  );
  if (released.length + unconfirmed.length + pending.length + unreadable.length === 0) {
    const looked = runs.length === 0 ? "" : ` Looked after: ${runs.join(", ")}.`;
    const besides = driven.length === 0 ? "" : "else ";
    return [...others, [`Nothing ${besides}paid is left to give back.${looked}`]];
  }
  return [
    ...others,
    ...pending.map(
      ({ runId, resource }): Line => [
        styled("yellow", "- "),
        `would be given back: ${nameOf(resource)} of ${runId}`,
      ],
    ),
    ...released.map((resource): Line => [styled("green", "+ "), `gone    ${nameOf(resource)}`]),
    ...unconfirmed.flatMap(({ runId, resource, reason }): Line[] => {
      const price = known.find(({ id }) => id === runId)?.priceUsdPerHour;
      const cost = resource.free === true || price === undefined ? "" : `, perhaps ${dollars(price)}/h`;
      return [
        [styled("red", "! "), `UNSURE  ${nameOf(resource)} of ${nameOfRun(runId)}${cost}`],
        [`          ${reason}`],
      ];
    }),
    ...unreadable.flatMap(unreadableLines),
    ...(unconfirmed.length === 0
      ? []
      : [[styled("yellow", "! "), "again, until it is confirmed: unitrain gc"]]),
  ];
}

function unreadableLines(run: UnreadableRun): Line[] {
  const { name, problem, provider } = run;
  return [
    [styled("red", "! "), `UNREADABLE  ${name}: ${problem.file}: ${problem.message}`],
    [`              ${mayStillCost(run)}`],
    [`              ${lookForIt(problem, provider)}`],
  ];
}

function adoptedLines({ found, pending, gone, unconfirmed }: Adopted): Line[] {
  if (found.length === 0) return [["Nothing else there carries our names."]];
  const kept = found.length - pending.length - gone.length - unconfirmed.length;
  return [
    ...pending.map(
      (one): Line => [
        styled("yellow", "- "),
        `in no record here: ${one.name}  ${one.kind} ${one.id ?? ""}`.trimEnd(),
      ],
    ),
    ...gone.map(
      ({ resource, evidence }): Line => [styled("green", "+ "), `gone    ${nameOf(resource)}: ${evidence}`],
    ),
    ...unconfirmed.map(
      (one): Line => [
        styled("red", "! "),
        `UNSURE  ${nameOf(one)}: not confirmed gone; again: unitrain gc --untracked`,
      ],
    ),
    ...(kept > 0 ? [[`${kept} left as they are.`]] : []),
  ];
}

function nameOf({ kind, id, name }: Resource): string {
  return `${kind} ${id ?? name}`;
}

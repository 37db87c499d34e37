import type { GcReport, Resource } from "@unitrain/core";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Flags } from "../flags.ts";
import { cleanAll } from "../render/clean.ts";
import { type Line, painted, styled, widthOf } from "../render/line.ts";
import type { Surroundings } from "../surroundings.ts";

/** Gives back everything paid that no living process answers for. */
export async function gc(
  { json, dryRun = false }: Flags,
  { engine, stdout }: Surroundings,
): Promise<ExitCode> {
  const report = await (await (await engine()).runs()).gc({ dryRun });
  if (json === true) stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const width = widthOf(stdout);
    for (const line of painted(reportLines(cleanAll(report)), stdout, width)) stdout.write(`${line}\n`);
  }
  return report.unconfirmed.length > 0 ? exitCodes.releaseUnconfirmed : exitCodes.done;
}

function reportLines({ runs, released, driven, pending, unconfirmed }: GcReport): Line[] {
  const others = driven.map(
    ({ name, pid }): Line => [
      styled("dim", "- "),
      `${name} is driven by process ${pid}, which gives it back itself`,
    ],
  );
  if (released.length + unconfirmed.length + pending.length === 0) {
    const looked = runs.length === 0 ? "" : ` Looked after: ${runs.join(", ")}.`;
    return [[`Nothing paid is left to give back.${looked}`], ...others];
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
    ...unconfirmed.map(
      ({ runId, resource, reason }): Line => [
        styled("red", "! "),
        `UNSURE  ${nameOf(resource)} of ${runId}: ${reason}`,
      ],
    ),
  ];
}

function nameOf({ kind, id, name }: Resource): string {
  return `${kind} ${id ?? name}`;
}

import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Finding, formatDatasetError, formatJson, UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { formatHint } from "../terminal/render/hint.ts";

/** The number of reports to keep. Older ones are removed. */
const keptReports = 50;

/** What determines the path of a report. */
type ReportPlace = Pick<CliContext, "env" | "now">;

/**
 * Writes all findings to a JSON file in the state folder, one finding per line, and returns its path. Returns undefined if there are
 * none, or if the file cannot be written, because the plan is valid without it.
 */
export async function writeFindings(
  findings: readonly Finding[],
  place: ReportPlace,
): Promise<string | undefined> {
  if (findings.length === 0) return undefined;
  const { checkHome, getDefaultHome, makeFolders } = await import("@unitrain/core");
  const home = place.env.UNITRAIN_HOME || getDefaultHome();
  const folder = join(home, "findings");
  const time = new Date(place.now())
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, "")
    .replace("T", "-");
  const file = join(folder, `${time}-${process.pid}.json`);
  try {
    await checkHome(home);
    await makeFolders(folder, 0o700);
    await writeFile(file, jsonLines(findings), { mode: 0o600 });
    await removeOld(folder);
    return file;
  } catch {
    return undefined;
  }
}

/** Adds the path of the report to an error that refuses a dataset. If `all` is true, its text contains all findings. */
export async function withReport(error: unknown, all: boolean, place: ReportPlace): Promise<unknown> {
  if (!UnitrainError.isInstance(error) || error.findings === undefined) return error;
  const { findings } = error;
  const report = await writeFindings(findings, place);
  return new UnitrainError(error.code, formatDatasetError(findings, { all }), {
    hint: [formatHint(error), ...(report === undefined ? [] : [`Every finding: ${report}`])].join("\n"),
    phase: error.phase,
    findings,
  });
}

function* jsonLines(findings: readonly Finding[]): Generator<string> {
  for (const [index, finding] of findings.entries())
    yield `${index === 0 ? "[\n" : ",\n"}${formatJson(finding)}`;
  yield "\n]\n";
}

async function removeOld(folder: string): Promise<void> {
  const old = (await readdir(folder)).sort().slice(0, -keptReports);
  for (const name of old) await rm(join(folder, name), { force: true });
}

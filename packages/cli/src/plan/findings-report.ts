import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Finding, formatDatasetError, UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { hintText } from "../terminal/render/hint.ts";

/** The newest ones that are kept. */
const keptReports = 50;

/** Where the report lies, and the way there. */
type ReportPlace = Pick<CliContext, "env" | "now">;

/**
 * Writes every finding into a file of the state folder, as JSON with one finding a line; answers its path. Undefined where
 * there are none, or where it cannot be written: then the plan is no worse for it.
 */
export async function writeFindings(
  findings: readonly Finding[],
  place: ReportPlace,
): Promise<string | undefined> {
  if (findings.length === 0) return undefined;
  const { checkHome, defaultHome, makeFolders } = await import("@unitrain/core");
  const home = place.env.UNITRAIN_HOME || defaultHome();
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

/** The error that refuses a dataset, with where all findings are, or (`all`) with all of them in its text. */
export async function withReport(error: unknown, all: boolean, place: ReportPlace): Promise<unknown> {
  if (!UnitrainError.isInstance(error) || error.findings === undefined) return error;
  const { findings } = error;
  const report = await writeFindings(findings, place);
  return new UnitrainError(error.code, formatDatasetError(findings, { all }), {
    hint: [hintText(error), ...(report === undefined ? [] : [`Every finding: ${report}`])].join("\n"),
    phase: error.phase,
    findings,
  });
}

function* jsonLines(findings: readonly Finding[]): Generator<string> {
  for (const [index, finding] of findings.entries())
    yield `${index === 0 ? "[\n" : ",\n"}${JSON.stringify(finding)}`;
  yield "\n]\n";
}

async function removeOld(folder: string): Promise<void> {
  const old = (await readdir(folder)).sort().slice(0, -keptReports);
  for (const name of old) await rm(join(folder, name), { force: true });
}

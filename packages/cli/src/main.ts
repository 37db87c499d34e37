import { type ExitCode, exitCodeOf, exitCodes } from "./exit-code.ts";
import { readCommandLine } from "./program.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Runs one command line, and resolves with its exit code; never rejects.
 *
 * @example
 * ```ts
 * import { main, processSurroundings } from "@unitrain/cli";
 *
 * process.exitCode = await main(["plan", "./pallets", "model=yolo11n.pt"], processSurroundings());
 * ```
 */
export async function main(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  try {
    return await readCommandLine(words, surroundings);
  } catch (error) {
    const { reportOf } = await import("./render/error.ts");
    const { reportError } = await import("./report-error.ts");
    const report = reportOf(error);
    const exitCode = exitCodeOf({ error: report });
    if (exitCode !== exitCodes.interrupted)
      reportError(report, error, surroundings, words.includes("--json"));
    return exitCode;
  }
}

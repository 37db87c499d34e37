import type { CliContext } from "./context/cli-context.ts";
import { type ExitCode, exitCodes, getExitCode } from "./context/exit-code.ts";
import { isVersionRequested } from "./program/version.ts";
import { formatCommandHelp, formatProgramHelp } from "./settings/help/help-text.ts";
import { findRequestedHelp } from "./settings/help/requested-help.ts";

/**
 * Runs a command line and resolves with its exit code. It never rejects.
 *
 * @example
 * ```ts
 * import { main, createProcessContext } from "@unitrain/cli";
 *
 * process.exitCode = await main(["plan", "./pallets", "epochs=50"], createProcessContext());
 * ```
 */
export async function main(words: readonly string[], context: CliContext): Promise<ExitCode> {
  const answer = findRequestedHelp(words) ?? isVersionRequested(words);
  if (typeof answer === "string") {
    context.stdout.write(answer);
    return exitCodes.done;
  }
  if (words.length === 0) {
    context.stderr.write(formatProgramHelp());
    return exitCodes.usage;
  }
  const [first, line = ""] = words;
  try {
    if (answer !== undefined) {
      const { findFramework } = await import("./framework/find-framework.ts");
      const { commandLine } = await findFramework(words, context.folder);
      const { writeText } = await import("./terminal/write.ts");
      writeText(context.stdout, formatCommandHelp(answer, commandLine));
      return exitCodes.done;
    }
    // The shell calls this at every Tab, so it must not wait for the parser to load.
    if (first === "__complete")
      return await (await import("./commands/completion.ts")).completeLine(line, context);
    if (first === "__guard") return await (await import("./commands/guard.ts")).guard(context);
    return await (await import("./program/program.ts")).readCommandLine(words, context);
  } catch (error) {
    const { createErrorReport } = await import("./terminal/render/error.ts");
    const { reportError } = await import("./terminal/report-error.ts");
    const { maskTexts } = await import("./terminal/mask-texts.ts");
    const report = maskTexts(createErrorReport(error));
    const exitCode = getExitCode({ error: report });
    if (exitCode !== exitCodes.interrupted)
      reportError(report, error, context, words.includes("--json"), maskTexts);
    return exitCode;
  }
}

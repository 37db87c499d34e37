// The help and version, which `bin.ts` prints without loading the program. It is built as one file.
import { findFrameworkNames } from "./framework/find-framework-names.ts";
import { defaultFramework } from "./modules/default-framework.ts";
import { isVersionRequested } from "./program/version.ts";
import { formatCommandHelp } from "./settings/help/help-text.ts";
import { findRequestedHelp } from "./settings/help/requested-help.ts";

/** Returns the requested help or version. Returns undefined for any other command line, and for help that depends on another framework than the default. */
export async function readAnswer(words: readonly string[]): Promise<string | undefined> {
  const asked = findRequestedHelp(words) ?? isVersionRequested(words);
  if (asked === undefined || typeof asked === "string") return asked;
  const { flag, config } = findFrameworkNames(words, process.cwd());
  if (flag !== undefined || config !== undefined) return undefined;
  return formatCommandHelp(asked, (await defaultFramework.loadCommandLine()).commandLine);
}

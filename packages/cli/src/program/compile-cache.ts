import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Returns the folder in which Node keeps our compiled code, or undefined if the user has none. It is not the folder for temporary
 * files, which is Node's default: whoever creates it there first, another user of the computer included, decides what code runs.
 */
export function getCompileCacheFolder(env: NodeJS.ProcessEnv): string | undefined {
  const { XDG_CACHE_HOME = "" } = env;
  try {
    return join(
      isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), ".cache"),
      "unitrain/1/compiled",
    );
  } catch {
    // The user has neither a HOME nor an entry in the list of users.
    return undefined;
  }
}

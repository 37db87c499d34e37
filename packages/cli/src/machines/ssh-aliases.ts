import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import SSHConfig, { LineType } from "ssh-config";

/** The names that `Host` lines of ~/.ssh/config, and of what it includes, stand for; patterns are none. Reads only. */
export function sshAliases(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [...new Set(aliasesIn(join(env.HOME || homedir(), ".ssh", "config"), 0))];
}

/** Deep enough for every real configuration, and an end for one that includes itself. */
const mostIncludes = 8;

function aliasesIn(path: string, depth: number): string[] {
  if (depth > mostIncludes || !existsSync(path)) return [];
  let lines: ReturnType<typeof SSHConfig.parse>;
  try {
    lines = SSHConfig.parse(readFileSync(path, "utf8"));
  } catch {
    // Whoever logs in with it is told what is wrong with it.
    return [];
  }
  return lines.flatMap((line) => {
    if (line.type !== LineType.DIRECTIVE) return [];
    const values =
      typeof line.value === "string" ? line.value.split(/\s+/) : line.value.map(({ val }) => val);
    if (line.param.toLowerCase() === "include")
      return values.flatMap((file) => aliasesIn(included(file, dirname(path)), depth + 1));
    if (line.param.toLowerCase() !== "host") return [];
    return values.filter((name) => !/[*?!]/.test(name));
  });
}

function included(file: string, folder: string): string {
  if (file.startsWith("~/")) return join(dirname(folder), file.slice(2));
  return isAbsolute(file) ? file : join(folder, file);
}

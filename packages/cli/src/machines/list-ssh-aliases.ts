import { existsSync, globSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import SSHConfig, { type Line, LineType } from "ssh-config";

/**
 * Lists the names in `Host` lines of ~/.ssh/config and of the files that it includes, without patterns. It only reads files and runs
 * no program, because completions wait for it.
 */
export function listSshAliases(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const home = env.HOME || homedir();
  return [...new Set(readAliases(join(home, ".ssh", "config"), home, 0))];
}

/** The depth of includes. It is enough for every real configuration, and ends the search if a file includes itself. */
const mostIncludes = 8;

function readAliases(path: string, home: string, depth: number): string[] {
  if (depth > mostIncludes || !existsSync(path)) return [];
  let lines: ReturnType<typeof SSHConfig.parse>;
  try {
    lines = SSHConfig.parse(readFileSync(path, "utf8"));
  } catch {
    // ssh reports what is wrong with the file when it is used to log in.
    return [];
  }
  return lines.flatMap((line) => listAliases(line, home, depth));
}

function listAliases(line: Line, home: string, depth: number): string[] {
  if (line.type !== LineType.DIRECTIVE) return [];
  const name = line.param.toLowerCase();
  if (name === "include")
    return splitWords(line).flatMap((pattern) =>
      listIncludedFiles(pattern, home).flatMap((file) => readAliases(file, home, depth + 1)),
    );
  const aliases = name === "host" ? splitWords(line).filter((word) => !/[*?!]/.test(word)) : [];
  // Files that are included within a block also contain aliases.
  const inner =
    "config" in line ? line.config.filter((each) => "param" in each && /^include$/i.test(each.param)) : [];
  return [...aliases, ...inner.flatMap((each) => listAliases(each, home, depth))];
}

/** Returns the words of a line. The parser returns a single value as a string, and several as a list. */
function splitWords({ value }: Extract<Line, { readonly value: unknown }>): readonly string[] {
  return typeof value === "string" ? [value] : value.map(({ val }) => val);
}

/** Lists the files of an `Include`. A relative path starts at `~/.ssh`, as for ssh, even in a file that is elsewhere. */
function listIncludedFiles(pattern: string, home: string): readonly string[] {
  const path = pattern.startsWith("~/") ? join(home, pattern.slice(2)) : pattern;
  const absolute = isAbsolute(path) ? path : join(home, ".ssh", path);
  return /[*?[]/.test(absolute) ? globSync(absolute).toSorted() : [absolute];
}

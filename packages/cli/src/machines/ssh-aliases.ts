import { existsSync, globSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import SSHConfig, { type Line, LineType } from "ssh-config";

/**
 * The names that `Host` lines of ~/.ssh/config, and of what it includes, stand for; patterns are none. Reads only, and asks no
 * program, because completions wait for it.
 */
export function sshAliases(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const home = env.HOME || homedir();
  return [...new Set(aliasesIn(join(home, ".ssh", "config"), home, 0))];
}

/** Deep enough for every real configuration, and an end for one that includes itself. */
const mostIncludes = 8;

function aliasesIn(path: string, home: string, depth: number): string[] {
  if (depth > mostIncludes || !existsSync(path)) return [];
  let lines: ReturnType<typeof SSHConfig.parse>;
  try {
    lines = SSHConfig.parse(readFileSync(path, "utf8"));
  } catch {
    // Whoever logs in with it is told what is wrong with it.
    return [];
  }
  return lines.flatMap((line) => aliasesOf(line, home, depth));
}

function aliasesOf(line: Line, home: string, depth: number): string[] {
  if (line.type !== LineType.DIRECTIVE) return [];
  const name = line.param.toLowerCase();
  if (name === "include")
    return wordsOf(line).flatMap((pattern) =>
      filesOf(pattern, home).flatMap((file) => aliasesIn(file, home, depth + 1)),
    );
  const aliases = name === "host" ? wordsOf(line).filter((word) => !/[*?!]/.test(word)) : [];
  // A file that is included within a block holds more of them.
  const inner =
    "config" in line ? line.config.filter((each) => "param" in each && /^include$/i.test(each.param)) : [];
  return [...aliases, ...inner.flatMap((each) => aliasesOf(each, home, depth))];
}

/** The parser splits a value unless quotation marks hold it together. */
function wordsOf({ value }: Extract<Line, { readonly value: unknown }>): readonly string[] {
  return typeof value === "string" ? [value] : value.map(({ val }) => val);
}

/** Relative to `~/.ssh`, also in a file that was included from elsewhere: as ssh does. */
function filesOf(pattern: string, home: string): readonly string[] {
  const path = pattern.startsWith("~/") ? join(home, pattern.slice(2)) : pattern;
  const absolute = isAbsolute(path) ? path : join(home, ".ssh", path);
  return /[*?[]/.test(absolute) ? globSync(absolute).toSorted() : [absolute];
}

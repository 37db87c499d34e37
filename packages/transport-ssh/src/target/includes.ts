import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import SSHConfig, { type Line } from "ssh-config";
import type { SshEnvironment } from "../environment.ts";
import { parseConfig } from "./parse-config.ts";

/** As ssh has it. */
const maxDepth = 16;

/** The same configuration with what its `Include` lines name in their place. */
export async function resolveIncludes(
  config: SSHConfig,
  environment: SshEnvironment,
  depth = 0,
): Promise<SSHConfig> {
  const merged = new SSHConfig();
  for (const line of config) merged.push(...(await expandLine(line, environment, depth)));
  return merged;
}

async function expandLine(line: Line, environment: SshEnvironment, depth: number): Promise<readonly Line[]> {
  if (line.type !== SSHConfig.DIRECTIVE) return [line];
  if ("config" in line) {
    // What is included within a block holds for that block alone.
    const inner = await resolveIncludes(line.config, environment, depth);
    return [{ ...line, config: inner }];
  }
  if (line.param.toLowerCase() !== "include" || depth >= maxDepth) return [line];
  const lines: Line[] = [];
  for (const file of readWords(line).flatMap((pattern) => findFiles(pattern, environment))) {
    const text = await readFile(file, "utf8").catch(() => "");
    lines.push(...(await resolveIncludes(parseConfig(text, file), environment, depth + 1)));
  }
  return lines;
}

/** The parser splits a value unless quotation marks hold it together. */
function readWords({ value }: Extract<Line, { readonly value: unknown }>): readonly string[] {
  return typeof value === "string" ? [value] : value.map(({ val }) => val);
}

/** Relative to `~/.ssh`, also in a file that was included from elsewhere: as ssh does. */
function findFiles(pattern: string, { home }: SshEnvironment): readonly string[] {
  const path = pattern.replace(/^~(?=[/\\])/, () => home);
  const absolutePattern = isAbsolute(path) ? path : join(home, ".ssh", path);
  return /[*?[]/.test(absolutePattern) ? globSync(absolutePattern).toSorted() : [absolutePattern];
}

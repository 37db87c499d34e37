import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import SSHConfig, { type Line } from "ssh-config";
import type { SshEnvironment } from "../environment.ts";
import { parseConfig } from "./parse-config.ts";

/** The limit of ssh. */
const maxDepth = 16;

/** Replaces the `Include` lines of a configuration by the files that they name. */
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
    // An Include within a block applies only to that block.
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

/** Returns the words of a value, which the parser splits at spaces outside quotation marks. */
function readWords({ value }: Extract<Line, { readonly value: unknown }>): readonly string[] {
  return typeof value === "string" ? [value] : value.map(({ val }) => val);
}

/** Finds the files of a pattern. Like ssh, resolves it relative to `~/.ssh`, also in a file from another folder. */
function findFiles(pattern: string, { home }: SshEnvironment): readonly string[] {
  const path = pattern.replace(/^~(?=[/\\])/, () => home);
  const absolutePattern = isAbsolute(path) ? path : join(home, ".ssh", path);
  return /[*?[]/.test(absolutePattern) ? globSync(absolutePattern).toSorted() : [absolutePattern];
}

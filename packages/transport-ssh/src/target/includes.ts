import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import SSHConfig, { type Line } from "ssh-config";
import { glob } from "tinyglobby";
import type { Surroundings } from "../surroundings.ts";
import { parsed } from "./parsed.ts";

/** As ssh has it. */
const deepest = 16;

/** The same configuration with what its `Include` lines name in their place. */
export async function withIncludes(
  config: SSHConfig,
  file: string,
  surroundings: Surroundings,
  depth = 0,
): Promise<SSHConfig> {
  const whole = new SSHConfig();
  for (const line of config) whole.push(...(await expanded(line, file, surroundings, depth)));
  return whole;
}

async function expanded(
  line: Line,
  file: string,
  surroundings: Surroundings,
  depth: number,
): Promise<readonly Line[]> {
  if (line.type !== SSHConfig.DIRECTIVE) return [line];
  if ("config" in line) {
    // What is included within a block holds for that block alone.
    const inner = await withIncludes(line.config, file, surroundings, depth);
    return [{ ...line, config: inner }];
  }
  if (line.param.toLowerCase() !== "include" || depth >= deepest) return [line];
  const lines: Line[] = [];
  for (const included of await filesOf(wordsOf(line.value), file, surroundings)) {
    const text = await readFile(included, "utf8").catch(() => "");
    lines.push(...(await withIncludes(parsed(text, included), included, surroundings, depth + 1)));
  }
  return lines;
}

function wordsOf(value: string | readonly { readonly val: string }[]): readonly string[] {
  return typeof value === "string" ? value.split(/\s+/) : value.map(({ val }) => val);
}

async function filesOf(
  patterns: readonly string[],
  file: string,
  { home }: Surroundings,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pattern of patterns) {
    const path = pattern.replace(/^~(?=[/\\])/, home);
    const absolute = isAbsolute(path) ? path : join(dirname(file), path);
    if (!/[*?[]/.test(absolute)) found.push(absolute);
    else
      found.push(...(await glob(absolute.replaceAll("\\", "/"), { dot: true, absolute: true })).toSorted());
  }
  return found;
}

import { existsSync } from "node:fs";
import type { SshEnvironment } from "../environment.ts";
import type { HostConfig } from "./host-config.ts";
import { listProgramOptions } from "./program-options.ts";

/** Parses the output of `ssh -G`. `defaults` is its output without a configuration, to tell default keys from configured ones. */
export function parseDump(text: string, defaults: string, environment: SshEnvironment): HostConfig {
  const settings = groupByName(text);
  const readFirst = (name: string) => settings.get(name)?.[0];
  const readUnlessNone = (name: string) => {
    const value = readFirst(name);
    return value?.toLowerCase() === "none" ? undefined : value;
  };
  const identityFiles = settings.get("identityfile") ?? [];
  const defaultSettings = groupByName(defaults);
  const defaultFiles = defaultSettings.get("identityfile") ?? [];
  const isDefault = identityFiles.join("\n") === defaultFiles.join("\n");
  const readFiles = (name: string) => splitFiles(readFirst(name) ?? "none", environment);
  return {
    hostName: readFirst("hostname"),
    port: Number(readFirst("port") ?? 22),
    user: readFirst("user"),
    identityFiles: isDefault ? undefined : identityFiles.filter((file) => file.toLowerCase() !== "none"),
    certificateFiles: (settings.get("certificatefile") ?? []).filter((file) => file.toLowerCase() !== "none"),
    identitiesOnly: readFirst("identitiesonly") === "yes",
    agent: followHome(readFirst("identityagent"), environment),
    userKnownHostsFiles: readFiles("userknownhostsfile").map((file) => followHome(file, environment)),
    globalKnownHostsFiles: readFiles("globalknownhostsfile"),
    hostKeyAlias: readFirst("hostkeyalias"),
    strictHostKeyChecking: readFirst("stricthostkeychecking"),
    gssapi: readFirst("gssapiauthentication") === "yes",
    proxyJump: readUnlessNone("proxyjump"),
    proxyCommand: readUnlessNone("proxycommand"),
    sshOptions: listProgramOptions(settings, defaultSettings),
  };
}

function groupByName(text: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  return settings;
}

/**
 * Splits a list of files. ssh prints it without quotes, so spaces are ambiguous: the longest existing file is taken, and words that do
 * not begin like a path belong to the file before.
 */
function splitFiles(line: string, { home }: SshEnvironment): string[] {
  const words = line.split(" ");
  const isExistingFile = (from: number, to: number) =>
    existsSync(
      words
        .slice(from, to)
        .join(" ")
        .replace(/^~(?=\/)/, () => home),
    );
  const files: string[] = [];
  for (let begin = 0; begin < words.length; ) {
    let end = words.length;
    while (end > begin + 1 && !isExistingFile(begin, end)) end -= 1;
    while (end < words.length && !/^([/~%$\\]|[A-Za-z]:|none$)/.test(words[end] ?? "")) end += 1;
    files.push(words.slice(begin, end).join(" "));
    begin = end;
  }
  return files.filter((file) => file !== "" && file !== "none");
}

/** ssh expands `~` to the home folder of the user database. Where `HOME` differs, we use `HOME`. */
function followHome<T extends string | undefined>(path: T, { home, accountHome }: SshEnvironment): T {
  if (path === undefined || home === accountHome || !path.startsWith(`${accountHome}/`)) return path;
  return `${home}${path.slice(accountHome.length)}` as T;
}

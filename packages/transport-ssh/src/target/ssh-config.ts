import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import type { Surroundings } from "../surroundings.ts";
import { withIncludes } from "./includes.ts";
import { parsed } from "./parsed.ts";

/** What the user's ssh configuration says of one host, as far as it matters here. */
export interface HostConfig {
  readonly hostName: string | undefined;
  readonly port: number | undefined;
  readonly user: string | undefined;
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  readonly agent: string | undefined;
  readonly knownHostsFiles: readonly string[] | undefined;
  readonly hostKeyAlias: string | undefined;
  readonly proxyJump: string | undefined;
  readonly proxyCommand: string | undefined;
}

export interface SshConfig {
  of(host: string): HostConfig;
}

/** The user's configuration, which is never written. One that is not there says nothing, unless it was named. */
export async function readSshConfig(
  named: string | undefined,
  surroundings: Surroundings,
): Promise<SshConfig> {
  const file = named ?? join(surroundings.home, ".ssh/config");
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (named === undefined && cause.code === "ENOENT") return "";
    throw new UnitrainError("INVALID_OPTIONS", `${file} cannot be read: ${cause.message}.`, { cause });
  });
  const config = await withIncludes(parsed(text, file), file, surroundings);
  return {
    of(host) {
      // Match exec would run programs only to find out what is meant.
      const said = config.compute(host, { ignoreCase: true, matchExec: false });
      return hostConfig(said);
    },
  };
}

function hostConfig(said: Record<string, string | readonly string[]>): HostConfig {
  const one = (name: string) => {
    const value = said[name];
    return typeof value === "string" ? value : value?.[0];
  };
  const all = (name: string) => {
    const value = said[name];
    return value === undefined ? [] : [value].flat();
  };
  const unlessNone = (value: string | undefined) => (value?.toLowerCase() === "none" ? undefined : value);
  const port = one("port");
  const files = all("userknownhostsfile").flatMap((value) => value.split(/\s+/));
  return {
    hostName: one("hostname"),
    port: port === undefined ? undefined : Number(port),
    user: one("user"),
    identityFiles: all("identityfile").filter((file) => file.toLowerCase() !== "none"),
    identitiesOnly: one("identitiesonly")?.toLowerCase() === "yes",
    agent: one("identityagent"),
    knownHostsFiles: files.length === 0 ? undefined : files.filter((file) => file !== "none"),
    hostKeyAlias: one("hostkeyalias"),
    proxyJump: unlessNone(one("proxyjump")),
    proxyCommand: unlessNone(one("proxycommand")),
  };
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import type { SshEnvironment } from "../environment.ts";
import type { HostConfig, ReadHostConfig } from "./host-config.ts";
import { withIncludes } from "./includes.ts";
import { parsed } from "./parsed.ts";

/**
 * Reads the user's configuration where there is no `ssh` that could be asked. A missing file says nothing, unless it was named.
 * `Match exec` never matches: programs are run by `ssh` alone.
 */
export async function readSshConfig(
  named: string | undefined,
  environment: SshEnvironment,
): Promise<ReadHostConfig> {
  const file = named ?? join(environment.home, ".ssh/config");
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (named === undefined && cause.code === "ENOENT") return "";
    throw new UnitrainError("INVALID_OPTIONS", `${file} cannot be read: ${cause.message}.`, { cause });
  });
  const config = await withIncludes(parsed(text, file), environment);
  return async ({ host, user }) =>
    hostConfig(
      config.compute(
        { Host: host, ...(user === undefined ? {} : { User: user }) },
        { ignoreCase: true, matchExec: false },
      ),
    );
}

function hostConfig(values: Record<string, string | readonly string[]>): HostConfig {
  const all = (name: string) => {
    const value = values[name];
    return value === undefined ? undefined : [value].flat();
  };
  const first = (name: string) => all(name)?.[0];
  const isNone = (value: string) => value.toLowerCase() === "none";
  const unlessNone = (value: string | undefined) =>
    value === undefined || isNone(value) ? undefined : value;
  const files = (name: string) => all(name)?.filter((file) => !isNone(file));
  const port = first("port");
  return {
    hostName: first("hostname"),
    port: port === undefined ? undefined : Number(port),
    user: first("user"),
    identityFiles: files("identityfile"),
    certificateFiles: files("certificatefile") ?? [],
    identitiesOnly: first("identitiesonly")?.toLowerCase() === "yes",
    agent: first("identityagent"),
    userKnownHostsFiles: files("userknownhostsfile"),
    globalKnownHostsFiles: files("globalknownhostsfile"),
    hostKeyAlias: first("hostkeyalias"),
    strictHostKeyChecking: first("stricthostkeychecking"),
    gssapi: first("gssapiauthentication")?.toLowerCase() === "yes",
    proxyJump: unlessNone(first("proxyjump")),
    proxyCommand: unlessNone(all("proxycommand")?.join(" ")),
    // They are for the `ssh` program, and there is none.
    sshOptions: [],
  };
}

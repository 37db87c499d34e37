import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import type { SshEnvironment } from "../environment.ts";
import type { HostConfig, ReadHostConfig } from "./host-config.ts";
import { resolveIncludes } from "./includes.ts";
import { parseConfig } from "./parse-config.ts";

/**
 * Parses the user's configuration where there is no `ssh` program. A missing default file is empty; a missing named file is an error.
 * `Match exec` never matches, because only `ssh` runs programs of the configuration.
 */
export async function readSshConfig(
  configFile: string | undefined,
  environment: SshEnvironment,
): Promise<ReadHostConfig> {
  const file = configFile ?? join(environment.home, ".ssh/config");
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (configFile === undefined && cause.code === "ENOENT") return "";
    throw new UnitrainError("INVALID_OPTIONS", `Cannot read ${file}: ${cause.message}.`, {
      hint: "Check that the file exists and that you can read it.",
      cause,
    });
  });
  const config = await resolveIncludes(parseConfig(text, file), environment);
  return async ({ host, user }) =>
    toHostConfig(
      config.compute(
        { Host: host, ...(user === undefined ? {} : { User: user }) },
        { ignoreCase: true, matchExec: false },
      ),
    );
}

function toHostConfig(values: Record<string, string | readonly string[]>): HostConfig {
  const readAll = (name: string) => {
    const value = values[name];
    return value === undefined ? undefined : [value].flat();
  };
  const readFirst = (name: string) => readAll(name)?.[0];
  const isNone = (value: string) => value.toLowerCase() === "none";
  const withoutNone = (value: string | undefined) =>
    value === undefined || isNone(value) ? undefined : value;
  const readFiles = (name: string) => readAll(name)?.filter((file) => !isNone(file));
  const port = readFirst("port");
  return {
    hostName: readFirst("hostname"),
    port: port === undefined ? undefined : Number(port),
    user: readFirst("user"),
    identityFiles: readFiles("identityfile"),
    certificateFiles: readFiles("certificatefile") ?? [],
    identitiesOnly: readFirst("identitiesonly")?.toLowerCase() === "yes",
    agent: readFirst("identityagent"),
    userKnownHostsFiles: readFiles("userknownhostsfile"),
    globalKnownHostsFiles: readFiles("globalknownhostsfile"),
    hostKeyAlias: readFirst("hostkeyalias"),
    strictHostKeyChecking: readFirst("stricthostkeychecking"),
    gssapi: readFirst("gssapiauthentication")?.toLowerCase() === "yes",
    proxyJump: withoutNone(readFirst("proxyjump")),
    proxyCommand: withoutNone(readAll("proxycommand")?.join(" ")),
    // These options are for the `ssh` program, which does not exist here.
    sshOptions: [],
  };
}

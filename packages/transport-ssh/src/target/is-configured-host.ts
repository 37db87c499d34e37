import { readSshEnvironment, type SshEnvironment } from "../environment.ts";
import type { HostConfig } from "./host-config.ts";
import { type ConfigSource, dumpConfig, hasOpenSsh } from "./open-ssh.ts";
import { readSshConfig } from "./ssh-config.ts";

/** A name that no configuration contains. */
const unknownHost = "unitrain-asks-about-no-host";

/** Options of {@link isConfiguredHost}. */
export interface IsConfiguredHostOptions {
  /** Environment variables. Defaults to those of this process. */
  readonly env?: SshEnvironment["env"];
  /** Aborts the call. */
  readonly signal?: AbortSignal;
}

/**
 * Returns whether the user's ssh configuration has settings for this name that it does not have for every name, through a `Host`
 * pattern, a `Match` or an included file. Use it to tell an alias from a mistyped word, since `ssh` accepts any word.
 *
 * @param name Name or alias of a host.
 * @param options See {@link IsConfiguredHostOptions}.
 * @throws UnitrainError `INVALID_OPTIONS` when the configuration cannot be read, or `ssh` does not answer within 10 seconds.
 *
 * @example
 * ```ts
 * import { isConfiguredHost } from "@unitrain/transport-ssh";
 *
 * const isAlias = await isConfiguredHost("gpu-7"); // with `Host gpu-*` in ~/.ssh/config
 * ```
 */
export async function isConfiguredHost(
  name: string,
  { env, signal = new AbortController().signal }: IsConfiguredHostOptions = {},
): Promise<boolean> {
  if (!/^[\w.:%][\w.:%-]*$/.test(name)) return false;
  const source = { configFile: undefined, environment: readSshEnvironment(env), signal };
  const describe = (await hasOpenSsh(source))
    ? (host: string) => dumpConfig({ host }, source)
    : await createOwnParser(source);
  const [ownConfig, defaultConfig] = await Promise.all([describe(name), describe(unknownHost)]);
  return normalizeHashes(ownConfig) !== normalizeHashes(defaultConfig.replaceAll(unknownHost, name));
}

async function createOwnParser({
  configFile,
  environment,
}: ConfigSource): Promise<(host: string) => Promise<string>> {
  const read: (name: { host: string }) => Promise<HostConfig> = await readSshConfig(configFile, environment);
  return async (host) => JSON.stringify(await read({ host }));
}

/** Replaces hashes, because `%C` in a `ControlPath` for all hosts contains a hash of the name. */
function normalizeHashes(text: string): string {
  return text.toLowerCase().replaceAll(/[0-9a-f]{40}/g, "%C");
}

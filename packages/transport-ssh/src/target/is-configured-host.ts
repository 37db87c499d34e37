import { readSshEnvironment, type SshEnvironment } from "../environment.ts";
import type { HostConfig } from "./host-config.ts";
import { type ConfigSource, dumpConfig, hasOpenSsh } from "./open-ssh.ts";
import { readSshConfig } from "./ssh-config.ts";

/** A name that no configuration means. */
const unknownHost = "unitrain-asks-about-no-host";

export interface IsConfiguredHostOptions {
  readonly env?: SshEnvironment["env"];
  readonly signal?: AbortSignal;
}

/**
 * Whether the user's ssh configuration says anything about this name that it does not say about every other: through a `Host`
 * pattern, a `Match`, or a file that is included. `ssh` accepts any word, also a mistyped one.
 *
 * @throws UnitrainError `INVALID_OPTIONS` when the configuration cannot be read.
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

/** `%C` is a hash of the name: in a `ControlPath` for all hosts it says nothing about this one. */
function normalizeHashes(text: string): string {
  return text.toLowerCase().replaceAll(/[0-9a-f]{40}/g, "%C");
}

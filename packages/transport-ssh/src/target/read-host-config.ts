import { parseDump } from "./dump.ts";
import type { ReadHostConfig } from "./host-config.ts";
import { type ConfigSource, dumpConfig, dumpDefaults, hasOpenSsh } from "./open-ssh.ts";
import { readSshConfig } from "./ssh-config.ts";
import { expandConfig } from "./tokens.ts";

/** Creates a reader that asks the user's own `ssh` about each host, or parses the configuration itself where there is no `ssh`. */
export async function createHostConfigReader(source: ConfigSource): Promise<ReadHostConfig> {
  const { configFile, environment } = source;
  if (!(await hasOpenSsh(source))) {
    const read = await readSshConfig(configFile, environment);
    return async (name) => expandConfig(await read(name), name, environment);
  }
  const defaults = dumpDefaults(source);
  return async (name) => {
    const [text, withoutConfig] = await Promise.all([dumpConfig(name, source), defaults]);
    return expandConfig(parseDump(text, withoutConfig, environment), name, environment);
  };
}

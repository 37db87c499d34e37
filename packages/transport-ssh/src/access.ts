import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Access, Machine, RunContext } from "@unitrain/core/spec";
import type { SshEnvironment } from "./environment.ts";
import type { SshOptions } from "./options.ts";
import { buildConfigText } from "./target/config-text.ts";
import { resolveTarget } from "./target/resolve.ts";

/**
 * Writes a configuration for `ssh -F` and editors, so that a person can connect to the machine. The user's own configuration is
 * neither needed nor changed, and host keys are checked as strictly as by us.
 */
export async function createAccess(
  machine: Machine,
  { folder, leaseId, signal }: Pick<RunContext, "folder" | "leaseId" | "signal">,
  options: SshOptions,
  environment: SshEnvironment,
): Promise<Access> {
  const target = await resolveTarget(machine, { folder, signal }, options, environment);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const configFile = join(folder, "ssh_config");
  await writeFile(configFile, buildConfigText(target, leaseId), { mode: 0o600 });
  return { argv: ["ssh", "-F", configFile], target: leaseId, configFile };
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { UnitrainError } from "@unitrain/core/spec";
import { childExecutor } from "@unitrain/transport-posix";
import type { SshEnvironment } from "../environment.ts";
import type { HostName } from "./host-config.ts";

export interface ConfigSource {
  /** A configuration file that was named in place of the user's and the system's. */
  readonly configFile: string | undefined;
  readonly environment: SshEnvironment;
  readonly signal: AbortSignal;
}

/** Whether the `ssh` on the PATH is OpenSSH with `-G` (6.8). Others, such as Dropbear, would connect instead. */
export async function hasOpenSsh(source: Pick<ConfigSource, "environment" | "signal">): Promise<boolean> {
  const version = await getOpenSshVersion(source);
  return version !== undefined && version >= 608;
}

/** Returns `902` for OpenSSH 9.2; undefined when there is no `ssh` on the PATH or it is not OpenSSH. */
export async function getOpenSshVersion({
  environment,
  signal,
}: Pick<ConfigSource, "environment" | "signal">): Promise<number | undefined> {
  const { output } = (await runSsh([], "-V", environment, signal)) ?? { output: "" };
  const [, major, minor] = /OpenSSH(?:_for_Windows)?_(\d+)\.(\d+)/.exec(output) ?? [];
  return major === undefined ? undefined : Number(major) * 100 + Number(minor);
}

/** Returns how OpenSSH resolves the configuration for one host. Port and user of `name` count as on the command line of ssh. */
export async function dumpConfig(
  name: HostName,
  { configFile, environment, signal }: ConfigSource,
): Promise<string> {
  const argv = ["-G", ...listFileArguments(configFile, environment), ...listNameArguments(name), "--"];
  const done = await runSsh(argv, name.host, environment, signal);
  if (done?.code === 0) return done.stdout;
  const reason = done === undefined ? "it cannot be started" : findLastLine(done.output);
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `ssh cannot read its configuration for ${name.host}: ${reason}.`,
    {
      hint: `Fix what \`${["ssh", ...argv, name.host].join(" ")}\` reports.`,
    },
  );
}

/** Returns the defaults of OpenSSH without any configuration. */
export async function dumpDefaults(source: ConfigSource): Promise<string> {
  return dumpConfig({ host: "localhost" }, { ...source, configFile: "none" });
}

/** Lists `-p` and `-l` for an explicit port and user. */
function listNameArguments({ port, user }: HostName): readonly string[] {
  return [...(port === undefined ? [] : ["-p", String(port)]), ...(user === undefined ? [] : ["-l", user])];
}

/** ssh reads the configuration in the home folder of the user database. Where `HOME` differs, we use `HOME`, as everywhere. */
function listFileArguments(
  configFile: string | undefined,
  { home, accountHome }: Pick<SshEnvironment, "home" | "accountHome">,
): readonly string[] {
  if (configFile !== undefined) return ["-F", configFile];
  if (home === accountHome) return [];
  const file = join(home, ".ssh/config");
  return ["-F", existsSync(file) ? file : "none"];
}

interface SshOutput {
  readonly code: number | undefined;
  readonly stdout: string;
  /** Stdout and stderr. */
  readonly output: string;
}

/** Runs `ssh`; undefined when there is none. Ends it with all its processes after the timeout. */
async function runSsh(
  argv: readonly string[],
  lastArgument: string,
  { env, home, askSshTimeoutMs: timeoutMs }: SshEnvironment,
  signal: AbortSignal,
): Promise<SshOutput | undefined> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const executor = childExecutor("ssh", argv, { env: { ...env, HOME: home } });
  const execution = await executor
    .exec(lastArgument, { signal: AbortSignal.any([signal, timeout]) })
    .catch((error: unknown) => {
      if (UnitrainError.isInstance(error) && error.code === "NOT_AVAILABLE") return undefined;
      throw error;
    });
  if (execution === undefined) return undefined;
  const [stdout, stderr, exit] = await Promise.all([
    text(execution.stdout).catch(() => ""),
    text(execution.stderr).catch(() => ""),
    execution.exit,
  ]);
  signal.throwIfAborted();
  if (timeout.aborted) {
    throw new UnitrainError(
      "INVALID_OPTIONS",
      `Cannot read the ssh configuration for ${lastArgument}: ssh did not answer within ${timeoutMs / 1000} s.`,
      { hint: "Check for a `Match exec` or a `CanonicalizeHostname` that hangs." },
    );
  }
  return { code: "code" in exit ? exit.code : undefined, stdout, output: `${stdout}${stderr}` };
}

function findLastLine(text: string): string {
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "" && !/terminal will not be allocated/.test(line));
  return (lines.at(-1) ?? "it printed nothing").trim().replace(/\.$/, "");
}

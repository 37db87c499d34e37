import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SshEnvironment } from "../src/environment.ts";
import { resolveTarget } from "../src/target/resolve.ts";
import type { SshMachine } from "../src/target/target.ts";
import type { OnEnd } from "./keys.ts";

const run = promisify(execFile);

/** Creates a home with an ssh configuration and files that it includes, without a server. */
export async function createPerson(files: Readonly<Record<string, string>>, onEnd: OnEnd) {
  const home = await mkdtemp("/tmp/ut-");
  onEnd(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, ".ssh/conf.d"), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, ".ssh", name), text);
  const environment: SshEnvironment = {
    home,
    accountHome: userInfo().homedir,
    user: userInfo().username,
    platform: process.platform,
    env: { PATH: process.env.PATH, HOME: home, KEYS: join(home, "keys") },
    agent: undefined,
    askSshTimeoutMs: 10_000,
    silenceMs: 20_000,
    canAsk: false,
  };
  const leaseNames = Array.from({ length: 9 }, (_, index) => `lease-${index}`);
  return {
    home,
    environment,
    resolve: (
      machine: Omit<SshMachine, "connectionKind">,
      change: Partial<SshEnvironment> = {},
      signal?: AbortSignal,
    ) =>
      resolveTarget(
        { connectionKind: "ssh", ...machine },
        { folder: join(home, leaseNames.shift() ?? ""), signal: signal ?? new AbortController().signal },
        {},
        { ...environment, ...change },
      ),
  };
}

/** Resolves a configuration with OpenSSH: the values of `ssh -G`, and the key files of its debug output, where they are expanded. */
export async function askOpenSsh(
  home: string,
  { host, port, user }: Omit<SshMachine, "connectionKind">,
  env: SshEnvironment["env"],
) {
  const words = [
    ...(port === undefined ? [] : ["-p", `${port}`]),
    ...(user === undefined ? [] : ["-l", user]),
  ];
  const argv = ["-F", join(home, ".ssh/config"), ...words];
  const { stdout } = await run("ssh", [...argv, "-G", host], { env });
  const value = (name: string) => new RegExp(`^${name} (.*)$`, "m").exec(stdout)?.[1];
  const proxy = ["-v", "-o", "BatchMode=yes", "-o", "ProxyCommand=true"];
  const { stderr } = await run("ssh", [...argv, ...proxy, host], { env }).catch((error) => error);
  const files = [...String(stderr).matchAll(/identity file (.*) type -?\d+$/gm)].map(([, file]) => file);
  return {
    host: value("hostname"),
    port: Number(value("port")),
    user: value("user"),
    // ssh looks for a certificate beside each key.
    files: files.filter((file) => !file?.endsWith("-cert")),
  };
}

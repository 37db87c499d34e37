import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { childExecutor } from "@unitrain/transport-posix";
import type { SshEnvironment } from "../environment.ts";
import { findKeys, findMachineKeys } from "../host-key/known-hosts.ts";
import { isFidoKey, listCertificates } from "../keys/ssh-only-methods.ts";
import { getOpenSshVersion } from "../target/open-ssh.ts";
import type { Hop, Target } from "../target/target.ts";

/** OpenSSH 7.4, the first version with the proxy mode. OpenSSH on Windows has no masters. */
const firstVersion = 704;

/** Whether the `ssh` program can replace ssh2. */
export async function canUseProgram(environment: SshEnvironment, signal: AbortSignal): Promise<boolean> {
  if (environment.platform === "win32") return false;
  const version = await getOpenSshVersion({ environment, signal });
  return version !== undefined && version >= firstVersion;
}

/** Finds why only the `ssh` program can connect, according to configuration and files; undefined when ssh2 may succeed. */
export async function findProgramReason(
  target: Target,
  environment: SshEnvironment,
): Promise<string | undefined> {
  for (const hop of [...target.jumps, target]) {
    const reason = await findHopReason(hop, environment);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

async function findHopReason(
  { keys, trust, host }: Hop,
  { env }: SshEnvironment,
): Promise<string | undefined> {
  const [certificate] = await listCertificates(keys);
  if (certificate !== undefined) return `the certificate ${certificate}`;
  for (const { path, isNamed: isConfigured } of keys.files)
    if (isConfigured && (await isFidoKey(path))) return describeFidoKey(path);
  if (keys.usesKerberos === true && (await hasTicket(env))) return "a Kerberos ticket";
  const pinned = await findKeys([trust.pinFile], trust.name);
  if (pinned.keys.length > 0 || trust.providerKey !== undefined) return undefined;
  const { hasCertAuthority: byAuthority } = pinned.hasCertAuthority
    ? pinned
    : await findMachineKeys(trust.knownHostsFiles, trust);
  return byAuthority ? `the @cert-authority that vouches for ${host}` : undefined;
}

/** Finds why the `ssh` program may log in where ssh2 was refused: FIDO keys, and keys and certificates in the agent. */
export async function findReasonAfterRefusal(
  { keys }: Hop,
  { env }: SshEnvironment,
): Promise<string | undefined> {
  for (const { path } of keys.files) if (await isFidoKey(path)) return describeFidoKey(path);
  if (keys.agent === undefined) return undefined;
  const agentKeys = await runProgram("ssh-add", "-L", { ...env, SSH_AUTH_SOCK: keys.agent });
  if (/^\S+-cert-v01@openssh\.com /m.test(agentKeys ?? "")) return "a certificate in your agent";
  return /^sk-/m.test(agentKeys ?? "") ? "a FIDO key in your agent, which you may have to touch" : undefined;
}

function describeFidoKey(path: string): string {
  return `the FIDO key ${path}, which you may have to touch`;
}

async function hasTicket(env: SshEnvironment["env"]): Promise<boolean> {
  const ticketOutput = await runProgram("klist", "-s", env);
  if (ticketOutput !== undefined) return true;
  // Without klist, the file of tickets is checked.
  return existsSync(env.KRB5CCNAME?.replace(/^FILE:/, "") ?? `/tmp/krb5cc_${process.getuid?.() ?? ""}`);
}

/** Returns the output of a program; undefined when it could not be started, failed, or took more than five seconds. */
async function runProgram(
  program: string,
  argument: string,
  env: SshEnvironment["env"],
): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(5_000);
    const { stdout, stderr, exit } = await childExecutor(program, [], { env }).exec(argument, { signal });
    const [output, , ended] = await Promise.all([text(stdout), text(stderr), exit]);
    return "code" in ended && ended.code === 0 ? output : undefined;
  } catch {
    return undefined;
  }
}

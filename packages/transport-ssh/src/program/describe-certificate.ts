import { text } from "node:stream/consumers";
import { childExecutor } from "@unitrain/transport-posix";
import type { SshEnvironment } from "../environment.ts";

export interface DescribedCertificate {
  /** A sentence. */
  readonly text: string;
  /** The certificate is not valid now, whatever the machine says. */
  readonly isStale: boolean;
}

/** Describes a user's certificate that may have been refused, from the output of `ssh-keygen -L`. */
export async function describeCertificate(
  path: string,
  user: string,
  env: SshEnvironment["env"],
  now = Date.now(),
): Promise<DescribedCertificate> {
  const listing = await listCertificate(path, env).catch(() => "");
  const [, validity = ""] = /^\s*Valid: (.*)$/m.exec(listing) ?? [];
  const [, from] = /from (\S+)|after (\S+)/.exec(validity) ?? [];
  const [, to, before] = /to (\S+)|before (\S+)/.exec(validity) ?? [];
  const end = to ?? before;
  const describeStale = (text: string) => ({ text: `The certificate ${path} ${text}.`, isStale: true });
  if (listing === "") return describeStale("cannot be read");
  if (end !== undefined && Date.parse(end) <= now) return describeStale(`expired at ${end}`);
  if (from !== undefined && Date.parse(from) > now) return describeStale(`is valid only from ${from}`);
  const [, principals = ""] = /^\s*Principals:([\s\S]*?)^\s*Critical Options:/m.exec(listing) ?? [];
  const names = principals.split("\n").flatMap((line) => line.trim() || []);
  const principalNote =
    names.length > 0 && !names.includes(user) ? ` and is for ${names.join(", ")}, not ${user}` : "";
  const until = end === undefined ? "does not expire" : `is valid until ${end}`;
  return {
    text: `The certificate ${path} ${until}${principalNote}: the machine may not trust its authority, or may have revoked it.`,
    isStale: false,
  };
}

async function listCertificate(path: string, env: SshEnvironment["env"]): Promise<string> {
  const signal = AbortSignal.timeout(5_000);
  const { stdout, stderr } = await childExecutor("ssh-keygen", ["-L", "-f"], { env }).exec(path, { signal });
  const [output] = await Promise.all([text(stdout), text(stderr)]);
  return output;
}

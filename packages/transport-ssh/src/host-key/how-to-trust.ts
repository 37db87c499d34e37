import { quoteForPaste } from "../target/ssh-command.ts";
import type { HostKey } from "./host-key.ts";
import type { KnownHostKeys } from "./known-hosts.ts";
import type { TrustRule } from "./trust-rule.ts";

/** Explains how a person adds a key after comparing it. Suggests `ssh` only where ssh asks and keeps the answer. */
export function explainHowToTrust(key: HostKey, knownKeys: KnownHostKeys, rule: TrustRule): string {
  const searchedText = `unitrain looks for it in ${rule.knownHostsFiles.join(" and ")}.`;
  const [file] = rule.knownHostsFiles;
  if (file === undefined || file === "/dev/null") {
    return `The ssh configuration keeps no host keys of this machine (UserKnownHostsFile). Set a file for it there, compare the fingerprint with the machine's own, and add this line to the file: ${formatKnownHostsLine(key, rule)}`;
  }
  const reason = explainMissingPrompt(knownKeys, rule);
  if (reason === undefined) {
    return `Log in once with \`${rule.sshCommand}\`, compare the fingerprint with the machine's own, answer yes, and try again. ${searchedText}`;
  }
  const add = `echo ${quoteForPaste(formatKnownHostsLine(key, rule))} >> ${quoteForPaste(file)}`;
  return `Compare the fingerprint with the machine's own. ssh would not ask here (${reason}), so add the key with: ${add}`;
}

function explainMissingPrompt(
  { hasCertAuthority: byAuthority }: KnownHostKeys,
  { strictHostKeyChecking: strict }: TrustRule,
): string | undefined {
  if (byAuthority)
    return "a @cert-authority vouches for the machine, which unitrain cannot check without OpenSSH";
  if (strict === undefined || strict === "ask") return undefined;
  return `StrictHostKeyChecking ${{ true: "yes", false: "no" }[strict] ?? strict}`;
}

function formatKnownHostsLine({ type, blob }: HostKey, { name }: TrustRule): string {
  return `${name} ${type} ${blob.toString("base64")}`;
}

import { quoteForPaste } from "../target/ssh-command.ts";
import type { HostKey } from "./host-key.ts";
import type { KnownHostKeys } from "./known-hosts.ts";
import type { TrustRule } from "./trust-rule.ts";

/** How a person makes a key known that they have compared. Sends them to ssh only where ssh asks and keeps the answer. */
export function explainHowToTrust(key: HostKey, knownKeys: KnownHostKeys, rule: TrustRule): string {
  const searchedText = `It is looked for in ${rule.knownHostsFiles.join(" and ")}.`;
  const [file] = rule.knownHostsFiles;
  if (file === undefined || file === "/dev/null") {
    return `The ssh configuration keeps no host keys of this machine (UserKnownHostsFile). Name a file for it there, compare the fingerprint with the machine's own, and add this line to the file: ${formatKnownHostsLine(key, rule)}`;
  }
  const reason = explainMissingPrompt(knownKeys, rule);
  if (reason === undefined) {
    return `Log in once by hand (${rule.sshCommand}), compare the fingerprint with the machine's own, answer yes, and try again. ${searchedText}`;
  }
  const add = `echo ${quoteForPaste(formatKnownHostsLine(key, rule))} >> ${quoteForPaste(file)}`;
  return `Compare the fingerprint with the machine's own. ssh asks nothing here (${reason}), so make the key known with: ${add}`;
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

import { UnitrainError } from "@unitrain/core/spec";
import { quoteForPaste } from "../target/ssh-command.ts";
import type { Hop } from "../target/target.ts";
import type { LoginReport } from "./login-report.ts";

/** Returns the error for a host that `ssh` does not trust. No part of an authentication was sent to it. */
export function hostRefusedError(report: LoginReport, { displayName, trust }: Hop): UnitrainError {
  const { hostKey, isRevoked, invalidCertificate, offendingAt } = report;
  const key = hostKey === undefined ? "host key" : `${hostKey.kind} key ${hostKey.fingerprint}`;
  if (isRevoked) {
    return new UnitrainError(
      "HOST_KEY_CHANGED",
      `${displayName} has the ${key}, which is marked as revoked, or its certificate authority is. Nothing was sent to it.`,
      { hint: "Do not connect: somebody else may have this key. Ask whoever runs the machine." },
    );
  }
  if (invalidCertificate !== undefined) {
    return new UnitrainError(
      "HOST_KEY_UNKNOWN",
      `${displayName} answered with the ${key}, whose certificate is invalid: ${invalidCertificate}. Nothing was sent to it.`,
      {
        hint: "Ask whoever runs the machine to renew its host certificate for the name that you connect to.",
      },
    );
  }
  if (offendingAt !== undefined) {
    const [, file = ""] = /^(.*):\d+$/.exec(offendingAt) ?? [];
    const remove = trust.knownHostsFiles.includes(file)
      ? `remove the old key with: ${["ssh-keygen", "-R", trust.name, "-f", file].map(quoteForPaste).join(" ")}. ${explainHowToTrust(hostKey, trust)}`
      : "start again.";
    return new UnitrainError(
      "HOST_KEY_CHANGED",
      `${displayName} answered with the ${key}; a different key is known (${offendingAt}). Nothing was sent to it.`,
      {
        hint: `Somebody may intercept the connection, or the machine was reinstalled. If you know that it was reinstalled, ${remove}`,
      },
    );
  }
  return new UnitrainError(
    "HOST_KEY_UNKNOWN",
    `${displayName} answered with the ${key}, and neither it nor a certificate authority of ${trust.name} is known. Nothing was sent to it.`,
    { hint: explainHowToTrust(hostKey, trust) },
  );
}

/** Explains how a person adds a key. The option makes ssh ask, whatever the configuration says. */
function explainHowToTrust(
  key: LoginReport["hostKey"],
  { sshCommand: byHand, knownHostsFiles }: Hop["trust"],
): string {
  const [file] = knownHostsFiles;
  if (file === undefined || file === "/dev/null") {
    return "The ssh configuration keeps no host keys of this machine (UserKnownHostsFile). Set a file for it there, then try again.";
  }
  const login = byHand.replace(/^ssh/, "ssh -o StrictHostKeyChecking=ask");
  const shownFingerprint = key === undefined ? "the fingerprint" : key.fingerprint;
  return `Log in once with \`${login}\`, compare ${shownFingerprint} with the machine's own fingerprint, answer yes, and try again. unitrain looks for it in ${knownHostsFiles.join(" and ")}.`;
}

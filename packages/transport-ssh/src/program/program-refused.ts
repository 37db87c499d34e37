import { type NotReady, UnitrainError } from "@unitrain/core/spec";
import { notReady } from "../connect/not-ready.ts";
import type { SshEnvironment } from "../environment.ts";
import { listCertificates } from "../keys/ssh-only-methods.ts";
import type { Hop } from "../target/target.ts";
import { describeCertificate } from "./describe-certificate.ts";
import { hostRefusedError } from "./host-refused.ts";
import type { LoginReport } from "./login-report.ts";

export interface RefusedContext {
  readonly environment: SshEnvironment;
  /** The person at the terminal was asked. */
  readonly hasAsked: boolean;
}

/** Why `ssh` did not log in, as far as it says. Throws what no further try can change. */
export async function explainProgramRefusal(
  report: LoginReport,
  hop: Hop,
  context: RefusedContext,
): Promise<NotReady> {
  if (report.isHostRefused) throw hostRefusedError(report, hop);
  if (report.refusedWith !== undefined || report.hasTooMany)
    throw await loginRefusedError(report, hop, context);
  if (report.isAuthenticated)
    return notReady(
      "tcp",
      `${hop.displayName} does not reach the next host: ${report.openFailed ?? report.lastMessage}`,
    );
  const words = report.lastMessage === "" ? "ssh did not say why" : report.lastMessage;
  if (report.hostKey !== undefined) return notReady("login", `${hop.displayName}: ${words}`);
  if (/no matching .* found|Unable to negotiate/i.test(words)) {
    return notReady("login", `${hop.displayName} and ssh share no way to speak: ${words}`, true);
  }
  if (/Could not resolve hostname/i.test(words)) {
    return notReady("tcp", words, !/temporary failure/i.test(words));
  }
  const isBanner = /banner|kex_exchange_identification/i.test(words);
  return notReady(isBanner ? "banner" : "tcp", `${hop.displayName}: ${words}`);
}

async function loginRefusedError(
  { offeredKeys: offered, lastMessage: lastWords, isPartial, refusedWith = [], hasTooMany }: LoginReport,
  hop: Hop,
  { environment: { env }, hasAsked }: RefusedContext,
): Promise<UnitrainError> {
  const { displayName, keys, trust, user } = hop;
  const certificates = await Promise.all(
    (await listCertificates(keys)).map((path) => describeCertificate(path, user, env)),
  );
  const isStale = certificates.some(({ isStale }) => isStale);
  const offeredText =
    offered.length === 0 ? "There was no key to offer." : `ssh offered: ${offered.join(", ")}.`;
  const certificateNotes = certificates.map(({ text }) => ` ${text}`).join("");
  const login = trust.sshCommand.replace(/^ssh/, "ssh -v");
  const hint = hasTooMany
    ? `The machine stops after a few keys. Name the one that it knows: \`IdentityFile\` and \`IdentitiesOnly yes\` in your ~/.ssh/config, for what \`${trust.sshCommand}\` reaches.`
    : hasAsked
      ? "Try again, and answer what the machine asks for."
      : isPartial
        ? `The machine accepted the key and asks for ${refusedWith.join(" or ")} too. Start unitrain at a terminal, where you can answer.`
        : isStale
          ? "Get a new certificate from your certificate authority, then try again."
          : `See what \`${login}\` says; whoever runs the machine finds the reason in its log.`;
  return new UnitrainError(
    hasAsked ? "LOGIN_NEEDS_PERSON" : "LOGIN_REFUSED",
    `${displayName} does not let us in: ${lastWords}${/[.!]$/.test(lastWords) ? "" : "."} ${offeredText}${certificateNotes}`,
    { hint },
  );
}

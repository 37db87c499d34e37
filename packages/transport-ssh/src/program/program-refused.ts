import { type NotReady, UnitrainError } from "@unitrain/core/spec";
import { createNotReady } from "../connect/not-ready.ts";
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

/** Returns why `ssh` did not log in. Throws when a further attempt cannot succeed. */
export async function explainProgramRefusal(
  report: LoginReport,
  hop: Hop,
  context: RefusedContext,
): Promise<NotReady> {
  if (report.isHostRefused) throw hostRefusedError(report, hop);
  if (report.refusedWith !== undefined || report.hasTooMany)
    throw await loginRefusedError(report, hop, context);
  if (report.isAuthenticated)
    return createNotReady(
      "tcp",
      `${hop.displayName} cannot reach the next host: ${report.openFailed ?? report.lastMessage}`,
    );
  const message = report.lastMessage === "" ? "ssh did not say why" : report.lastMessage;
  if (report.hostKey !== undefined) return createNotReady("login", `${hop.displayName}: ${message}`);
  if (/no matching .* found|Unable to negotiate/i.test(message)) {
    return createNotReady(
      "login",
      `${hop.displayName} and ssh have no SSH algorithm in common: ${message}`,
      true,
    );
  }
  if (/Could not resolve hostname/i.test(message)) {
    return createNotReady("tcp", message, !/temporary failure/i.test(message));
  }
  const isBanner = /banner|kex_exchange_identification/i.test(message);
  return createNotReady(isBanner ? "banner" : "tcp", `${hop.displayName}: ${message}`);
}

async function loginRefusedError(
  { offeredKeys: offered, lastMessage, isPartial, refusedWith = [], hasTooMany }: LoginReport,
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
    ? `The machine allows only a few keys per login. Set the right one with \`IdentityFile\` and \`IdentitiesOnly yes\` in your ~/.ssh/config, for the host of \`${trust.sshCommand}\`.`
    : hasAsked
      ? "Try again, and give the answer that the machine asks for."
      : isPartial
        ? `The machine accepted the key and asks for ${refusedWith.join(" or ")} too. Start unitrain at a terminal, where you can answer.`
        : isStale
          ? "Get a new certificate from your certificate authority, then try again."
          : `Run \`${login}\` to see more, or ask whoever runs the machine for the reason in its log.`;
  return new UnitrainError(
    hasAsked ? "LOGIN_NEEDS_PERSON" : "LOGIN_REFUSED",
    `${displayName} refused the login: ${lastMessage}${/[.!]$/.test(lastMessage) ? "" : "."} ${offeredText}${certificateNotes}`,
    { hint },
  );
}
